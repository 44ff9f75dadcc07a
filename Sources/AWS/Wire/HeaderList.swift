/// A header whose value is a list.
package enum HeaderList {
    /// The items of a list that is separated by commas. Items in quotes may have commas inside, and dates have one each.
    package static func split(_ value: String, isDates: Bool) -> [String] {
        var items: [String] = []
        var item = ""
        var isQuoted = false
        var isEscaped = false
        var commas = 0
        for character in value {
            if isEscaped {
                item.append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                commas += 1
                if isDates, !commas.isMultiple(of: 2) {
                    item.append(character)
                } else {
                    items.append(item)
                    item = ""
                }
            } else if character != " " || !item.isEmpty {
                item.append(character)
            }
        }
        items.append(item)
        return items
    }
}
