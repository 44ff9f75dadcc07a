import SlipwayDeclaration
import Testing

@Suite struct AssetTests {
    private let found: JSON = ["$asset": "etl/load.py", "$path": "/x/etl/load.py", "$sha256": "abc", "$size": 3]

    @Test func `an asset that was found says where, and what is in it`() throws {
        let asset = try PropertyDecoder().decode(Asset.self, from: found)
        #expect(asset.path == "etl/load.py")
        #expect(asset.file == "/x/etl/load.py")
        #expect(asset.sha256 == "abc")
        #expect(asset.size == 3)
    }

    @Test func `where a file lies is never stored`() throws {
        let asset = try PropertyDecoder().decode(Asset.self, from: found)
        #expect(try PropertyEncoder().encode(asset).tree == ["$asset": "etl/load.py", "$sha256": "abc"])
        #expect(try PropertyEncoder().encode(Asset("etl/load.py")).tree == ["$asset": "etl/load.py"])
    }

    @Test func `a change of content is a difference, another place is none`() throws {
        let asset = try PropertyDecoder().decode(Asset.self, from: found)
        let moved = try PropertyDecoder().decode(Asset.self, from: found.setting(["$path"], to: "/y/load.py"))
        let changed = try PropertyDecoder().decode(Asset.self, from: found.setting(["$sha256"], to: "def"))
        #expect(asset == moved)
        #expect(Set([asset, moved]).count == 1)
        #expect(asset != changed)
    }
}
