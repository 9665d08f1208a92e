// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "verify-domain",
    dependencies: [.package(name: "ligase", path: "../..")],
    targets: [
        .executableTarget(
            name: "verify-domain", dependencies: [.product(name: "DomainNameAssociation", package: "ligase")])
    ],
    swiftLanguageModes: [.v6]
)
