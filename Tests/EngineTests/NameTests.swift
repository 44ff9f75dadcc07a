import SlipwayDeclaration
import SlipwayEngine
import SlipwayProvider
import Testing

@Suite struct NameTests {
    let location = Location(account: "123456789012", region: "eu-west-1")

    func name(_ address: Address, generation: Int = 1) -> String {
        PhysicalName.make(
            stack: "demo", environment: "dev", address: address, generation: generation, location: location,
            kind: AnyKind(Box.self))
    }

    @Test func `a name is made of stack, environment and address`() {
        #expect(name("ingest/orders") == "demo-dev-ingest-orders")
        #expect(name("ingest/orders", generation: 3) == "demo-dev-ingest-orders-3")
    }

    @Test func `a name that is too long is cut and keeps apart from others cut alike`() {
        let long = Address(String(repeating: "a", count: 60))
        #expect(name(long).count == 40)
        #expect(name(long, generation: 2).count == 40)
        #expect(name(long) != name(Address(String(repeating: "a", count: 61))))
    }
}
