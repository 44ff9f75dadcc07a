/// Makes the parameters of the query protocol of a document.
///
/// Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
package struct QueryWriter {
    /// EC2: no list has `member` in its names, and an empty one is not sent.
    package var flattensLists = false

    /// A parameter, neither name nor value encoded.
    package typealias Parameter = (name: String, value: String)

    /// The parameters of an operation's input, in the order of its members.
    package func parameters(_ input: Document, _ shape: Shape) -> [Parameter] {
        var result: [Parameter] = []
        write("", input, shape, into: &result)
        return result
    }

    private func write(_ name: String, _ document: Document, _ shape: Shape, into result: inout [Parameter]) {
        let shape = shape.completed(by: document)
        switch document {
        case .null:
            break
        case .structure(let members):
            let shapes = shape.memberShapes
            for (member, value) in members.entries {
                let shape = shapes[member] ?? Shape()
                write(joined(name, shape.name ?? member), value, shape, into: &result)
            }
        case .list(let items):
            var item = Shape()
            if case .list(let known) = shape.form { item = known }
            // An empty list is sent: it may mean something else than no list.
            if items.isEmpty, !flattensLists { result.append((name, "")) }
            let prefix = shape.isFlattened || flattensLists ? name : joined(name, item.name ?? "member")
            for (index, value) in items.enumerated() {
                write("\(prefix).\(index + 1)", value, item, into: &result)
            }
        case .map(let members):
            var (key, value) = (Shape(), Shape())
            if case .map(let knownKey, let knownValue) = shape.form { (key, value) = (knownKey, knownValue) }
            let prefix = shape.isFlattened ? name : joined(name, "entry")
            for (index, entry) in members.entries.enumerated() {
                result.append(("\(prefix).\(index + 1).\(key.name ?? "key")", entry.name))
                write("\(prefix).\(index + 1).\(value.name ?? "value")", entry.value, value, into: &result)
            }
        default:
            result.append((name, Scalar.text(document, shape, dates: .iso8601)))
        }
    }

    private func joined(_ prefix: String, _ name: String) -> String {
        prefix.isEmpty ? name : "\(prefix).\(name)"
    }
}
