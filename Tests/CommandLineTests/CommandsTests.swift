import SlipwayCommandLine
import Testing

@Suite struct CommandsTests {
    @Test func `every command says in one line what it does`() {
        for command in Commands.all {
            #expect(!command.summary.isEmpty && command.summary.hasSuffix("."), "\(command.name)")
        }
    }
}
