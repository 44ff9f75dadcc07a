import Synchronization
import Testing

@testable import SlipwayCommandLine

/// What is at work, as it is drawn on a terminal.
@Suite struct LiveBlockTests {
    func entry(_ name: String, _ work: String, since: Double, usual: Double? = nil, words: String = "") -> LiveBlock.Entry {
        LiveBlock.Entry(name: name, work: work, since: since, usual: usual, words: words)
    }

    @Test func `each line tells what is at work, for how long, and the last it said`() {
        let lines = LiveBlock.lines(
            [
                entry("warehouse", "creating AWS::Redshift::Cluster", since: 10, words: "waiting: creating"),
                entry("loaded", "RunGlueJob", since: 95, usual: 130, words: "| 12 rows"),
            ], at: 100, width: 120)
        #expect(
            lines == [
                "  warehouse  creating AWS::Redshift::Cluster  1 min 30 s  waiting: creating",
                "  loaded     RunGlueJob  5 s of about 2 min 10 s  | 12 rows",
            ])
    }

    @Test func `no line is wider than the terminal, and none moves what is drawn`() {
        let lines = LiveBlock.lines([entry("a", "b", since: 0, words: "x\u{1B}[2J\n" + String(repeating: "y", count: 99))], at: 0, width: 30)
        #expect(lines == ["  a  b  0 s  x [2J yyyyyyyyy…"])
    }

    @Test func `what does not fit is counted`() {
        let entries = (0..<15).map { entry("t\($0)", "w", since: 0) }
        #expect(LiveBlock.lines(entries, at: 0, width: 80).last == "  and 3 more")
    }

    @Test func `what is written stands above the lines, which are drawn again below it`() {
        let terminal = Mutex("")
        let block = LiveBlock(style: .plain, width: 80, now: { 0 }, write: { text in terminal.withLock { $0 += text } })
        block.start()
        block.begin("a", "creating B")
        block.above { terminal.withLock { $0 += "done\n" } }
        block.end("a")
        block.stop()
        #expect(
            terminal.withLock { $0 }
                == "  a  creating B  0 s\n" + "\r\u{1B}[1A\u{1B}[Jdone\n" + "  a  creating B  0 s\n" + "\r\u{1B}[1A\u{1B}[J")
    }

    @Test func `nothing is drawn before its start and after its stop`() {
        let terminal = Mutex("")
        let block = LiveBlock(style: .plain, width: 80, now: { 0 }, write: { text in terminal.withLock { $0 += text } })
        block.begin("a", "b")
        block.tick()
        #expect(terminal.withLock { $0 } == "")
    }
}
