/// SQL divided into its statements.
///
/// A semicolon divides; one in a string, a quoted name, a comment or a dollar-quoted body does not. Comments before a
/// statement are left out.
///
/// Source: <https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html> and
/// <https://www.postgresql.org/docs/8.0/sql-syntax.html>, from which Redshift has its syntax: in a string a backslash
/// escapes, and comments nest.
package struct SQLScript: Hashable, Sendable {
    package struct Statement: Hashable, Sendable {
        /// Without the semicolon.
        package let text: String
        /// The line on which it begins, from 1.
        package let line: Int
        /// The names of its parameters (`:day`), sorted.
        package let parameters: [String]

        /// The first line, without what follows the 60th character.
        package var beginning: String {
            let line = text.prefix { !$0.isNewline }
            return line.count > 60 ? "\(line.prefix(59))…" : String(line)
        }

        /// The first word in upper case.
        package var verb: String { text.prefix { $0.isLetter }.uppercased() }
    }

    package private(set) var statements: [Statement] = []

    /// - Throws: ``SQLProblem`` when something that was opened is never closed.
    package init(_ text: String) throws(SQLProblem) {
        var scanner = Scanner(bytes: Array(text.utf8))
        while let statement = try scanner.next() { statements.append(statement) }
    }

    /// What parameters are missing or not used; `nil` when they are as the statements have them.
    package func disagreement(with names: some Collection<String>) -> String? {
        let used = Set(statements.flatMap(\.parameters))
        if let missing = used.subtracting(names).sorted().first { return "the parameter '\(missing)' is not given" }
        return Set(names).subtracting(used).sorted().first.map { "no statement uses the parameter '\($0)'" }
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0
        var line = 1

        mutating func next() throws(SQLProblem) -> Statement? {
            var start: (position: Int, line: Int)?
            var end = 0
            var parameters: Set<String> = []
            while position < bytes.count {
                let begin = position
                switch bytes[position] {
                case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), 0x0B, 0x0C:
                    advance()
                    continue
                case UInt8(ascii: "-") where follows("-"):
                    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { advance() }
                    continue
                case UInt8(ascii: "/") where follows("*"):
                    try skipComment()
                    continue
                case UInt8(ascii: ";"):
                    advance()
                    guard start != nil else { continue }
                    return statement(start, end, parameters)
                default: break
                }
                start = start ?? (position, line)
                try skipToken(&parameters)
                // Progress is certain: each token has a byte at least.
                end = max(position, begin + 1)
            }
            return statement(start, end, parameters)
        }

        private func statement(_ start: (position: Int, line: Int)?, _ end: Int, _ parameters: Set<String>) -> Statement? {
            start.map { start in
                Statement(
                    text: String(decoding: bytes[start.position..<end], as: UTF8.self), line: start.line,
                    parameters: parameters.sorted())
            }
        }

        private mutating func skipToken(_ parameters: inout Set<String>) throws(SQLProblem) {
            switch bytes[position] {
            case UInt8(ascii: "'"): try skipQuoted(UInt8(ascii: "'"), "a string", escapes: true)
            case UInt8(ascii: "\""): try skipQuoted(UInt8(ascii: "\""), "a quoted name", escapes: false)
            case UInt8(ascii: "$"):
                if let tag = dollarTag { try skipDollarQuoted(tag) } else { advance() }
            case UInt8(ascii: ":") where follows(":"):
                advance()
                advance()
            case UInt8(ascii: ":"):
                advance()
                guard position < bytes.count, Self.beginsName(bytes[position]) else { return }
                parameters.insert(String(decoding: name(), as: UTF8.self))
            case let byte where Self.beginsName(byte): _ = name()
            case let byte where Self.isDigit(byte): _ = name()
            default: advance()
            }
        }

        /// Takes letters, digits and `_`.
        private mutating func name() -> ArraySlice<UInt8> {
            let begin = position
            while position < bytes.count, Self.beginsName(bytes[position]) || Self.isDigit(bytes[position]) { advance() }
            // `$` may be inside a name, where it quotes nothing.
            while position < bytes.count, bytes[position] == UInt8(ascii: "$") { advance() }
            return bytes[begin..<position]
        }

        private mutating func skipQuoted(_ quote: UInt8, _ what: String, escapes: Bool) throws(SQLProblem) {
            let begin = line
            advance()
            while position < bytes.count {
                if bytes[position] == quote {
                    advance()
                    return
                }
                if escapes, bytes[position] == UInt8(ascii: "\\") { advance() }
                advance()
            }
            throw SQLProblem(line: begin, reason: "\(what) begins here and does not end")
        }

        private mutating func skipComment() throws(SQLProblem) {
            let begin = line
            var depth = 0
            repeat {
                guard position < bytes.count else {
                    throw SQLProblem(line: begin, reason: "a comment begins here and does not end")
                }
                if bytes[position] == UInt8(ascii: "/"), follows("*") {
                    depth += 1
                    advance()
                } else if bytes[position] == UInt8(ascii: "*"), follows("/") {
                    depth -= 1
                    advance()
                }
                advance()
            } while depth > 0
        }

        /// `$$` or `$body$`, where one is here.
        private var dollarTag: ArraySlice<UInt8>? {
            var end = position + 1
            while end < bytes.count, bytes[end] != UInt8(ascii: "$") {
                guard Self.beginsName(bytes[end]) || (end > position + 1 && Self.isDigit(bytes[end])) else { return nil }
                end += 1
            }
            return end < bytes.count ? bytes[position...end] : nil
        }

        private mutating func skipDollarQuoted(_ tag: ArraySlice<UInt8>) throws(SQLProblem) {
            let begin = line
            for _ in tag { advance() }
            while position + tag.count <= bytes.count {
                if bytes[position..<(position + tag.count)].elementsEqual(tag) {
                    for _ in tag { advance() }
                    return
                }
                advance()
            }
            throw SQLProblem(
                line: begin, reason: "what \(String(decoding: tag, as: UTF8.self)) quotes begins here and does not end")
        }

        private mutating func advance() {
            if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }

        private func follows(_ character: Unicode.Scalar) -> Bool {
            position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: character)
        }

        private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

        private static func beginsName(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || byte >= 0x80 || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        }
    }
}

/// Why a text cannot be divided into statements.
package struct SQLProblem: Error, Hashable, Sendable {
    /// From 1.
    package let line: Int
    package let reason: String
}
