import SlipwayLocalCloud
import Testing

@Suite struct PlacesTests {
    /// Where the parts are, with a package in `/src/assets` and, unless said otherwise, a folder that can be written.
    private func places(
        _ environment: [String: String] = [:], assets: [String] = ["/bin/assets", "/src/assets"], isWritable: Bool = true
    ) throws -> LocalCloudPlaces {
        let system = LocalCloudPlaces.System(
            isFile: { $0 == "/src/assets/localcloud/install.py" }, isWritable: { $0 == "/src" && isWritable })
        return try LocalCloudPlaces(
            assets: assets, environment: ["HOME": "/home/ada"].merging(environment) { $1 }, directory: "/team",
            system: system)
    }

    @Test func `the first folder of assets that has the package is taken`() throws {
        #expect(try places().package == "/src/assets/localcloud")
    }

    @Test func `a package that is nowhere is told with where it was looked for`() {
        #expect {
            try places(assets: ["/bin/assets"])
        } throws: { error in
            guard case LocalCloudError.noPackage(let searched)? = error as? LocalCloudError else { return false }
            return searched.first == "/bin/assets/localcloud" && searched.count == 2
        }
    }

    @Test(arguments: [
        ([:], true, "/src/.cache/localcloud"),
        ([:], false, "/home/ada/.cache/slipway"),
        (["XDG_CACHE_HOME": "/big"], false, "/big/slipway"),
        (["XDG_CACHE_HOME": "big"], false, "/home/ada/.cache/slipway"),
        (["SLIPWAY_CACHE": "/fast", "XDG_CACHE_HOME": "/big"], true, "/fast"),
        (["SLIPWAY_CACHE": "fast"], true, "/team/fast"),
        (["SLIPWAY_CACHE": ""], true, "/src/.cache/localcloud"),
    ])
    func `what is installed goes where it can be written`(
        environment: [String: String], isWritable: Bool, cache: String
    ) throws {
        #expect(try places(environment, isWritable: isWritable).cache == cache)
    }

    @Test(arguments: [([:], "/team/.slipway/local"), (["SLIPWAY_LOCAL": "/data"], "/data"), (["SLIPWAY_LOCAL": "d"], "/team/d")])
    func `the data is in the working directory unless said otherwise`(environment: [String: String], state: String) throws {
        #expect(try places(environment).state == state)
    }
}
