/// A drawing in layers: what needs nothing stands left, everything else right of all that it needs. An arrow over
/// several layers gets a place of its own in each that it crosses, so that it does not run behind what stands there.
struct DrawingLayout {
    private let drawing: Drawing
    private let layers: [[Item]]
    /// The items of each arrow, from the node that needs to the one that is needed.
    private let routes: [[Item]]

    /// What takes a place in a layer.
    private enum Item: Hashable {
        case node(Int)
        /// Where an arrow passes.
        case bend(edge: Int, layer: Int)
    }

    init(_ drawing: Drawing) {
        self.drawing = drawing
        let depths = DrawingLayout.depths(drawing)
        var layers = [[Item]](repeating: [], count: (depths.max() ?? -1) + 1)
        for node in drawing.nodes.indices { layers[depths[node]].append(.node(node)) }
        var routes: [[Item]] = []
        var needs: [Item: [Item]] = [:]
        for (index, edge) in drawing.edges.enumerated() {
            var route: [Item] = [.node(edge.from)]
            if depths[edge.from] > depths[edge.to] + 1 {
                for layer in ((depths[edge.to] + 1)..<depths[edge.from]).reversed() {
                    route.append(.bend(edge: index, layer: layer))
                    layers[layer].append(.bend(edge: index, layer: layer))
                }
            }
            route.append(.node(edge.to))
            for (item, next) in zip(route, route.dropFirst()) { needs[item, default: []].append(next) }
            routes.append(route)
        }
        self.layers = DrawingLayout.ordered(layers, needs)
        self.routes = routes
    }

    /// The layer of each node: the one after the last that it needs.
    private static func depths(_ drawing: Drawing) -> [Int] {
        var needs = [[Int]](repeating: [], count: drawing.nodes.count)
        for edge in drawing.edges { needs[edge.from].append(edge.to) }
        var known = [Int?](repeating: nil, count: drawing.nodes.count)
        func depth(of node: Int, _ path: Set<Int>) -> Int {
            if let depth = known[node] { return depth }
            // A graph with a circle can be drawn too: the arrow that closes it does not count.
            let below = needs[node].filter { !path.contains($0) && $0 != node }
            let depth = below.map { depth(of: $0, path.union([node])) + 1 }.max() ?? 0
            known[node] = depth
            return depth
        }
        return drawing.nodes.indices.map { depth(of: $0, []) }
    }

    /// Orders each layer by the mean place of what its items need, which keeps arrows short and mostly uncrossed.
    private static func ordered(_ layers: [[Item]], _ needs: [Item: [Item]]) -> [[Item]] {
        var place: [Item: Double] = [:]
        return layers.map { layer in
            let means = layer.map { item -> Double in
                let places = (needs[item] ?? []).compactMap { place[$0] }
                return places.isEmpty ? 0 : places.reduce(0, +) / Double(places.count)
            }
            // Swift's sort is not stable; the order of declaration decides between equals.
            let order = layer.indices.sorted { (means[$0], $0) < (means[$1], $1) }
            for (position, index) in order.enumerated() {
                place[layer[index]] = Double(position) - Double(layer.count) / 2
            }
            return order.map { layer[$0] }
        }
    }

    // MARK: SVG

    private static let boxHeight = 44
    private static let bendHeight = 12
    private static let gap = 24
    private static let layerGap = 80
    private static let margin = 20

    private var boxWidth: Int { (drawing.nodes.map { max($0.name.count * 8, $0.kind.count * 7) }.max() ?? 0) + 24 }

    private func height(_ item: Item) -> Int {
        if case .node = item { DrawingLayout.boxHeight } else { DrawingLayout.bendHeight }
    }

    private func height(_ layer: [Item]) -> Int {
        layer.reduce(0) { $0 + height($1) + DrawingLayout.gap } - DrawingLayout.gap
    }

    /// The drawing as a document of its own; it follows the reader's light or dark colours.
    var svg: String {
        let step = boxWidth + DrawingLayout.layerGap
        let width = DrawingLayout.margin * 2 + max(layers.count * step - DrawingLayout.layerGap, 0)
        let height = DrawingLayout.margin * 2 + max(layers.map { self.height($0) }.max() ?? 0, 0)
        var corners: [Item: (x: Int, y: Int)] = [:]
        for (column, layer) in layers.enumerated() {
            var y = (height - self.height(layer)) / 2
            for item in layer {
                corners[item] = (DrawingLayout.margin + column * step, y)
                y += self.height(item) + DrawingLayout.gap
            }
        }
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(width)" height="\#(height)" viewBox="0 0 \#(width) \#(height)">"#,
            "<title>\(DrawingLayout.escaped(drawing.title))</title>", DrawingLayout.looks,
        ]
        lines += routes.map { #"<path d="\#(path($0, corners))" marker-end="url(#arrow)"/>"# }
        for (index, node) in drawing.nodes.enumerated() {
            guard let corner = corners[.node(index)] else { continue }
            let radius = node.isTask ? 20 : 4
            lines.append(
                #"<rect x="\#(corner.x)" y="\#(corner.y)" width="\#(boxWidth)" height="\#(DrawingLayout.boxHeight)" rx="\#(radius)"/>"#)
            for (style, down, text) in [("", 19, node.name), (#"class="kind" "#, 35, node.kind)] {
                lines.append(
                    #"<text \#(style)x="\#(corner.x + 12)" y="\#(corner.y + down)">\#(DrawingLayout.escaped(text))</text>"#)
            }
        }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// From the left side of what needs, straight through the bends, to the right side of what is needed.
    private func path(_ route: [Item], _ corners: [Item: (x: Int, y: Int)]) -> String {
        var text = ""
        var from: (x: Int, y: Int)?
        for item in route {
            guard let corner = corners[item] else { continue }
            let y = corner.y + height(item) / 2
            if let from {
                let x = corner.x + boxWidth
                let middle = (from.x + x) / 2
                text += " C\(middle),\(from.y) \(middle),\(y) \(x),\(y)"
                if case .bend = item { text += " L\(corner.x),\(y)" }
            } else {
                text += "M\(corner.x),\(y)"
            }
            from = (corner.x, y)
        }
        return text
    }

    private static let looks = """
        <style>
        svg { font-family: system-ui, sans-serif; color-scheme: light dark; --line: #57606a; --box: #f6f8fa; --text: #1f2328 }
        @media (prefers-color-scheme: dark) { svg { --line: #8b949e; --box: #161b22; --text: #e6edf3 } }
        rect { fill: var(--box); stroke: var(--line) } path { fill: none; stroke: var(--line) }
        text { fill: var(--text); font-size: 13px } .kind { font-size: 11px; opacity: 0.7 }
        </style>
        <defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
        <path d="M0,0 L8,4 L0,8"/></marker></defs>
        """

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
