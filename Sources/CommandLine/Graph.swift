import ArgumentParser
import SlipwayDeclaration

/// `slipway graph`
struct GraphCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Draw the declared graph, as DOT, Mermaid or SVG; AWS is not asked.")

    @OptionGroup var stack: StackOptions
    @Option(help: "dot, mermaid or svg.") var format = Format.dot
    @OptionGroup(title: "Declaration") var declaration: DeclarationOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    enum Format: String, ExpressibleByArgument, CaseIterable { case dot, mermaid, svg }

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let drawing = Drawing(try await session.declare(stack, declaration, aws, asks: false))
        switch format {
        case .dot: session.report.document(drawing.dot)
        case .mermaid: session.report.document(drawing.mermaid)
        case .svg: session.report.document(DrawingLayout(drawing).svg)
        }
        return .done
    }
}
