import ArgumentParser
import SlipwayDeclaration
import SlipwayJobs

/// How the rows of queries are written on the standard output.
enum RowFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Columns under each other, for people.
    case table
    /// A line of names and a line for each row (RFC 4180); null is nothing, and an empty text is `""`.
    case csv
    /// A list of objects, whose members are in the order of the columns.
    case json

    /// The result as text, with a line's end.
    /// - Parameter width: Columns of the terminal; `nil` when it is none, and nothing is cut off.
    func text(_ result: QueryResult, width: Int?) -> String {
        switch self {
        case .table: RowTable(result).text(width: width)
        case .csv:
            ([result.columns.map { RowFormat.quoted($0.name) }] + result.rows.map { $0.map(RowFormat.field) })
                .map { $0.joined(separator: ",") + "\r\n" }.joined()
        case .json:
            "[" + result.rows.map { "\n" + RowFormat.object($0, result.columns) }.joined(separator: ",") + "\n]\n"
        }
    }

    private static func field(_ value: SQLValue) -> String {
        value.text.map { $0.isEmpty ? "\"\"" : quoted($0) } ?? ""
    }

    private static func quoted(_ text: String) -> String {
        // Scalars, because a carriage return and a line feed are one character.
        let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }
        guard needsQuotes else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func object(_ row: [SQLValue], _ columns: [QueryResult.Column]) -> String {
        "{" + zip(columns, row).map { "\(JSON.string($0.name).text):\($1.json.text)" }.joined(separator: ",") + "}"
    }
}

/// Rows as a table: numbers to the right, everything else to the left.
struct RowTable: Sendable {
    private let columns: [QueryResult.Column]
    private let cells: [[String]]
    private let total: Int

    init(_ result: QueryResult) {
        columns = result.columns
        cells = result.rows.map { $0.map { RowTable.cell($0.text ?? "-") } }
        total = result.total
    }

    /// - Parameter width: Columns of the terminal; the widest cells are cut off until a row fits.
    func text(width: Int?) -> String {
        var widths = columns.map { Columns.width($0.name) }
        for row in cells {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], Columns.width(cell))
            }
        }
        if let width {
            let spaces = 2 * max(widths.count - 1, 0)
            // A column of eight is still worth reading; what is narrower is left as it is, and the row too wide.
            while widths.reduce(spaces, +) > width, let widest = widths.max(), widest > 8,
                let index = widths.firstIndex(of: widest)
            { widths[index] -= 1 }
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        var lines = [line(columns.map(\.name), widths), rule]
        lines += cells.map { line($0, widths) }
        let shown =
            cells.count < total ? "the first \(cells.count) of \(total) rows" : total == 1 ? "1 row" : "\(total) rows"
        return (lines + ["(\(shown))"]).joined(separator: "\n") + "\n"
    }

    private func line(_ texts: [String], _ widths: [Int]) -> String {
        var line = zip(zip(texts, widths), columns).map { both, column in
            let text = Columns.cut(both.0, to: both.1)
            let space = String(repeating: " ", count: both.1 - Columns.width(text))
            return column.isNumber ? space + text : text + space
        }.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }

    /// A text on one line: line ends and tabs as they are written in strings.
    private static func cell(_ text: String) -> String {
        guard text.contains(where: { $0.isNewline || $0 == "\t" || $0 == "\u{1B}" }) else { return text }
        return text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case _ where scalar.value < 0x20: "\u{FFFD}"
            default: String(scalar)
            }
        }.joined()
    }
}

extension Reporter {
    /// The rows of a query.
    func rows(_ task: String, _ result: QueryResult, as format: RowFormat) {
        if !isJSON {
            let isTable = format == .table
            if isTable { line(style.bold(result.title.isEmpty ? task : result.title)) }
            console.out(format.text(result, width: console.outIsTerminal ? console.width : nil))
            if isTable { line() }
        }
        event("rows", result.members(of: task))
    }

    /// This reporter with everything that is for people on the standard error: the standard output is for rows alone.
    var aside: Reporter {
        var reporter = self
        if !isJSON { reporter.console.out = console.error }
        return reporter
    }
}

extension QueryResult {
    fileprivate func members(of task: String) -> [String: JSON?] {
        [
            "task": .string(task), "title": .string(title),
            "columns": .array(columns.map { ["name": .string($0.name), "type": .string($0.type)] }),
            "rows": .array(rows.map { .array($0.map(\.json)) }), "total": .int(total),
        ]
    }
}
