// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "acme-platform",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "slipway", path: "SLIPWAY_PATH")],
    targets: [
        .executableTarget(
            name: "acme", dependencies: [.product(name: "Slipway", package: "slipway")],
            // A `Text` that is interpolated into a `String` is a warning, which must not pass.
            swiftSettings: [.treatAllWarnings(as: .error)])
    ]
)
