/// A drawing in layers: what needs nothing stands left, everything else right of all that it needs.
struct DrawingLayout {
    private let drawing: Drawing
    /// Nodes by layer, from left to right, each from top to bottom.
    private let layers: [[Int]]
    private let width: Int
    private let height: Int
    private let boxWidth: Int

    private static let boxHeight = 44
    private static let gap = 24
    private static let layerGap = 80
    private static let margin = 20

    init(_ drawing: Drawing) {
        self.drawing = drawing
        layers = DrawingLayout.arrange(drawing)
        let longest = drawing.nodes.map { max($0.name.count * 8, $0.kind.count * 7) }.max() ?? 0
        boxWidth = longest + 24
        let tallest = layers.map(\.count).max() ?? 0
        width = DrawingLayout.margin * 2 + max(layers.count * (boxWidth + DrawingLayout.layerGap) - DrawingLayout.layerGap, 0)
        height = DrawingLayout.margin * 2 + max(tallest * (DrawingLayout.boxHeight + DrawingLayout.gap) - DrawingLayout.gap, 0)
    }

    /// Puts each node into the layer after the last one that it needs, and orders each layer by the mean place of what
    /// its nodes need, which keeps arrows short and mostly uncrossed.
    private static func arrange(_ drawing: Drawing) -> [[Int]] {
        var needs = [[Int]](repeating: [], count: drawing.nodes.count)
        for edge in drawing.edges { needs[edge.from].append(edge.to) }
        var depth = [Int?](repeating: nil, count: drawing.nodes.count)
        func layer(of node: Int, _ path: Set<Int>) -> Int {
            if let known = depth[node] { return known }
            // A graph with a circle can be drawn too: the arrow that closes it does not count.
            let below = needs[node].filter { !path.contains($0) && $0 != node }
            let found = below.map { layer(of: $0, path.union([node])) + 1 }.max() ?? 0
            depth[node] = found
            return found
        }
        var layers: [[Int]] = []
        for node in drawing.nodes.indices {
            let found = layer(of: node, [])
            while layers.count <= found { layers.append([]) }
            layers[found].append(node)
        }
        var place = [Double](repeating: 0, count: drawing.nodes.count)
        for index in layers.indices {
            let mean = { (node: Int) -> Double in
                let places = needs[node].map { place[$0] }
                return places.isEmpty ? 0 : places.reduce(0, +) / Double(places.count)
            }
            if index > 0 {
                // Swift's sort is not stable; the order of declaration decides between equals.
                layers[index].sort { (mean($0), $0) < (mean($1), $1) }
            }
            for (position, node) in layers[index].enumerated() {
                place[node] = Double(position) - Double(layers[index].count) / 2
            }
        }
        return layers
    }

    /// The drawing as a document of its own; it follows the reader's light or dark colours.
    var svg: String {
        var boxes: [Int: (x: Int, y: Int)] = [:]
        for (column, layer) in layers.enumerated() {
            let used = layer.count * (DrawingLayout.boxHeight + DrawingLayout.gap) - DrawingLayout.gap
            for (row, node) in layer.enumerated() {
                boxes[node] = (
                    DrawingLayout.margin + column * (boxWidth + DrawingLayout.layerGap),
                    (height - used) / 2 + row * (DrawingLayout.boxHeight + DrawingLayout.gap)
                )
            }
        }
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(width)" height="\#(height)" viewBox="0 0 \#(width) \#(height)">"#,
            "<title>\(DrawingLayout.escaped(drawing.title))</title>",
            "<style>",
            "svg { font-family: system-ui, sans-serif; color-scheme: light dark; --line: #57606a; --box: #f6f8fa; --text: #1f2328 }",
            "@media (prefers-color-scheme: dark) { svg { --line: #8b949e; --box: #161b22; --text: #e6edf3 } }",
            "rect { fill: var(--box); stroke: var(--line) } path { fill: none; stroke: var(--line) }",
            "text { fill: var(--text); font-size: 13px } .kind { font-size: 11px; opacity: 0.7 }",
            "</style>",
            #"<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8"/></marker></defs>"#,
        ]
        for edge in drawing.edges {
            guard let from = boxes[edge.from], let to = boxes[edge.to] else { continue }
            let start = (x: from.x, y: from.y + DrawingLayout.boxHeight / 2)
            let end = (x: to.x + boxWidth, y: to.y + DrawingLayout.boxHeight / 2)
            let bend = max((start.x - end.x) / 2, 20)
            lines.append(
                #"<path d="M\#(start.x),\#(start.y) C\#(start.x - bend),\#(start.y) \#(end.x + bend),\#(end.y) \#(end.x),\#(end.y)" marker-end="url(#arrow)"/>"#)
        }
        for (index, node) in drawing.nodes.enumerated() {
            guard let box = boxes[index] else { continue }
            lines.append(
                #"<rect x="\#(box.x)" y="\#(box.y)" width="\#(boxWidth)" height="\#(DrawingLayout.boxHeight)" rx="\#(node.isTask ? 20 : 4)"/>"#)
            lines.append(#"<text x="\#(box.x + 12)" y="\#(box.y + 19)">\#(DrawingLayout.escaped(node.name))</text>"#)
            lines.append(
                #"<text class="kind" x="\#(box.x + 12)" y="\#(box.y + 35)">\#(DrawingLayout.escaped(node.kind))</text>"#)
        }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }
}
