/// The difference of two texts, line by line.
struct LineDiff {
    enum Line: Hashable {
        case same(String)
        case removed(String)
        case added(String)
        /// So many lines are the same.
        case skipped(Int)
    }

    /// The lines that differ, with up to `context` lines around them.
    static func lines(_ old: [String], _ new: [String], context: Int = 2) -> [Line] {
        shortened(all(old, new), context: context)
    }

    private static func all(_ old: [String], _ new: [String]) -> [Line] {
        var start = 0
        while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
        var end = 0
        while end < min(old.count, new.count) - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
        let left = Array(old[start..<(old.count - end)])
        let right = Array(new[start..<(new.count - end)])
        return old[..<start].map { .same($0) } + middle(left, right) + old[(old.count - end)...].map { .same($0) }
    }

    /// By the longest common subsequence; texts too long for that are removed and added as a whole.
    private static func middle(_ left: [String], _ right: [String]) -> [Line] {
        guard left.count * right.count <= 4_000_000 else {
            return left.map { .removed($0) } + right.map { .added($0) }
        }
        let width = right.count + 1
        var lengths = [Int](repeating: 0, count: (left.count + 1) * width)
        for i in left.indices.reversed() {
            for j in right.indices.reversed() {
                lengths[i * width + j] =
                    left[i] == right[j]
                    ? lengths[(i + 1) * width + j + 1] + 1
                    : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
            }
        }
        var lines: [Line] = []
        var (i, j) = (0, 0)
        while i < left.count || j < right.count {
            if i < left.count, j < right.count, left[i] == right[j] {
                lines.append(.same(left[i]))
                (i, j) = (i + 1, j + 1)
            } else if j == right.count
                || (i < left.count && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])
            {
                lines.append(.removed(left[i]))
                i += 1
            } else {
                lines.append(.added(right[j]))
                j += 1
            }
        }
        return lines
    }

    private static func shortened(_ lines: [Line], context: Int) -> [Line] {
        let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
        var result: [Line] = []
        var skipped = 0
        var next = changed.makeIterator()
        var following = next.next()
        var last: Int?
        for index in lines.indices {
            while let change = following, change < index {
                last = change
                following = next.next()
            }
            let isNear = (following.map { $0 - index <= context } ?? false) || (last.map { index - $0 <= context } ?? false)
            if isNear {
                if skipped > 0 { result.append(.skipped(skipped)) }
                skipped = 0
                result.append(lines[index])
            } else {
                skipped += 1
            }
        }
        if skipped > 0 { result.append(.skipped(skipped)) }
        return result
    }
}
