extension Sequence<String> {
    /// The word that is most like `word`, if one is like it: at most a third of its letters differ.
    package func closest(to word: String) -> String? {
        let scored = map { ($0, distance(Array($0.lowercased()), Array(word.lowercased()))) }
        guard let best = scored.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { return nil }
        return best.1 <= Swift.max(1, word.count / 3) ? best.0 : nil
    }
}

/// How many letters must be added, removed or changed to make one word of another (Levenshtein).
private func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in right.enumerated() {
            let substituted = diagonal + (letter == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = Swift.min(substituted, row[j] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
