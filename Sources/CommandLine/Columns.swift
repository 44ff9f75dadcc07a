/// Texts measured by the columns that they take on a terminal.
enum Columns {
    /// How many columns of a terminal a text takes: most characters one, those of East Asia and most emoji two.
    ///
    /// Source: <https://www.unicode.org/reports/tr11/> (ranges of wide characters, in blocks)
    static func width(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            guard let scalar = character.unicodeScalars.first?.value else { return sum }
            let isWide =
                (0x1100...0x115F).contains(scalar) || (0x2E80...0xA4CF).contains(scalar) || (0xAC00...0xD7A3).contains(scalar)
                || (0xF900...0xFAFF).contains(scalar) || (0xFE30...0xFE6F).contains(scalar) || (0xFF00...0xFF60).contains(scalar)
                || (0xFFE0...0xFFE6).contains(scalar) || (0x1F300...0x1FAFF).contains(scalar) || (0x20000...0x3FFFD).contains(scalar)
            return sum + (isWide ? 2 : 1)
        }
    }

    /// A text that takes no more columns than are there, with `…` where something was left out.
    static func cut(_ text: String, to width: Int) -> String {
        guard self.width(text) > width else { return text }
        var cut = ""
        var used = 1
        for character in text {
            used += self.width(String(character))
            if used > width { break }
            cut.append(character)
        }
        return cut + "…"
    }
}
