import SlipwayFakeAWS
import Testing

@Suite struct ApplyTests {
    @Test func `an apply makes everything, and the next one finds nothing to do`() async throws {
        let sandbox = Sandbox()
        try expectSnapshot([
            await sandbox.run("apply little --yes --parallelism 1"),
            await sandbox.run("apply little"),
            await sandbox.run("outputs little"),
            await sandbox.run("outputs little bucket"),
            await sandbox.run("outputs little buckte"),
            await sandbox.run("state list little"),
            await sandbox.run("drift little"),
            await sandbox.run("destroy little --yes --parallelism 1"),
            await sandbox.run("state list little"),
            await sandbox.run("history little"),
        ])
    }
}
