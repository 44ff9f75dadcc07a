// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target.
let settings: [SwiftSetting] = [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // A `Text` interpolated into a `String` is a deprecation warning, so warnings must not pass.
    .treatAllWarnings(as: .error),
]

/// A module of ours: `Sources/<folder>` is the target `Slipway<folder>`.
func module(_ folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: "Slipway\(folder)", dependencies: dependencies, path: "Sources/\(folder)", swiftSettings: settings)
}

/// The tests of a module: `Tests/<folder>Tests`.
func tests(_ folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(folder)Tests", dependencies: dependencies, path: "Tests/\(folder)Tests", swiftSettings: settings)
}

/// What several tests need: `Tests/<folder>` is the target `Slipway<folder>`.
func support(_ folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: "Slipway\(folder)", dependencies: dependencies, path: "Tests/\(folder)", swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "slipway",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "slipway", targets: ["SlipwayTool"]),
        .library(name: "Slipway", targets: ["Slipway"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CLibXML2", path: "Sources/CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(
            name: "CSQLite", path: "Sources/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        module("HTTP", ["CCurl"]),
        module("AWS", ["SlipwayHTTP", "CLibXML2", crypto]),
        module("Graph"),
        module("Declaration"),
        module("Provider", ["SlipwayAWS", "SlipwayDeclaration"]),
        module("Resources", ["SlipwayAWS", "SlipwayDeclaration", "SlipwayProvider", crypto]),
        module("State", ["SlipwayDeclaration", "CSQLite"]),
        module(
            "Engine", ["SlipwayAWS", "SlipwayDeclaration", "SlipwayGraph", "SlipwayProvider", "SlipwayState", crypto]),
        module(
            "Jobs",
            [
                "SlipwayAWS", "SlipwayDeclaration", "SlipwayEngine", "SlipwayGraph", "SlipwayProvider", "SlipwayResources",
                "SlipwayState",
            ]),
        module("LocalCloud"),
        module(
            "CommandLine",
            [
                "SlipwayAWS", "SlipwayDeclaration", "SlipwayEngine", "SlipwayHTTP", "SlipwayJobs", "SlipwayLocalCloud",
                "SlipwayProvider", "SlipwayState", argumentParser,
            ]),
        // What a stack author imports.
        .target(
            name: "Slipway",
            dependencies: [
                "SlipwayAWS", "SlipwayCommandLine", "SlipwayDeclaration", "SlipwayJobs", "SlipwayProvider",
                "SlipwayResources",
            ],
            path: "Sources/Slipway", swiftSettings: settings),
        .target(name: "SlipwayStacks", dependencies: ["Slipway"], path: "stacks", swiftSettings: settings),
        .executableTarget(
            name: "SlipwayTool", dependencies: ["Slipway", "SlipwayStacks"], path: "Sources/Tool", swiftSettings: settings),

        // The program that is killed at every moment, and what `make bench` runs.
        .executableTarget(
            name: "SlipwayCrashSubject",
            dependencies: [
                "SlipwayAWS", "SlipwayDeclaration", "SlipwayEngine", "SlipwayHTTP", "SlipwayResources", "SlipwayState",
            ],
            path: "Tests/CrashSubject", swiftSettings: settings),
        .executableTarget(
            name: "slipway-bench",
            dependencies: [
                "SlipwayAWS", "SlipwayDeclaration", "SlipwayEngine", "SlipwayFakeAWS", "SlipwayHTTP", "SlipwayProvider",
                "SlipwayResources", "SlipwayState",
            ],
            path: "Benchmarks/Bench", swiftSettings: settings),

        // What tests share: a server on loopback, and an AWS small enough to live in a test.
        support("Loopback"),
        support("FakeAWS", ["SlipwayAWS", "SlipwayDeclaration", "SlipwayHTTP", "SlipwayLoopback", crypto]),
        tests("HTTP", ["SlipwayHTTP", "SlipwayLoopback"]),
        tests("AWS", ["SlipwayAWS", "SlipwayHTTP"]),
        tests("Graph", ["SlipwayGraph"]),
        tests("Declaration", ["SlipwayDeclaration"]),
        tests("State", ["SlipwayState", "SlipwayDeclaration"]),
        tests(
            "Resources",
            [
                "SlipwayAWS", "SlipwayDeclaration", "SlipwayEngine", "SlipwayFakeAWS", "SlipwayHTTP", "SlipwayProvider",
                "SlipwayResources", "SlipwayState",
            ]),
        tests(
            "Engine",
            [
                "SlipwayAWS", "SlipwayDeclaration", "SlipwayEngine", "SlipwayGraph", "SlipwayHTTP", "SlipwayProvider",
                "SlipwayState",
            ]),
        tests(
            "Jobs",
            [
                "SlipwayAWS", "SlipwayDeclaration", "SlipwayEngine", "SlipwayFakeAWS", "SlipwayGraph", "SlipwayHTTP",
                "SlipwayJobs", "SlipwayProvider", "SlipwayResources", "SlipwayState",
            ]),
        tests("LocalCloud", ["SlipwayLocalCloud"]),
        tests("Crash", ["SlipwayCrashSubject", "SlipwayFakeAWS"]),
        tests(
            "CommandLine",
            [
                "SlipwayAWS", "SlipwayCommandLine", "SlipwayDeclaration", "SlipwayEngine", "SlipwayFakeAWS", "SlipwayHTTP",
                "SlipwayJobs", "SlipwayProvider", "SlipwayResources", "SlipwayStacks", "SlipwayState",
            ]),
    ]
)
