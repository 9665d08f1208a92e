// swift-tools-version: 6.1
import PackageDescription

/// The architecture in one screen: every target, its layer, and what it may import (Docs/Architecture.md).
/// The C modules are system libraries behind a module map; each is imported by exactly one target.

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func program(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

let systemLibraries: [Target] = [
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLdns", pkgConfig: "ldns", providers: [.apt(["libldns-dev"])]),
    .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .target(name: "CTOML"),
    .target(name: "CLinux"),
]

let values: [Target] = [
    target("XMPPModel", ["CIDN2"]),
    target("Configuration", ["XMPPModel", "CTOML"]),
]

let codecs: [Target] = [
    target("TransportSecurity", ["XMPPModel", "COpenSSL"]),
    target("XMLStreaming", ["XMPPModel", "CLibXML2"]),
    target("DNSMessages", ["XMPPModel", "CLdns"]),
]

let deciders: [Target] = [
    target("DomainAssociation", ["XMPPModel"]),
    target("StreamProtocol", ["XMPPModel", "DomainAssociation"]),
    target("Routing", ["XMPPModel", "DomainAssociation", collections]),
    target("NameResolution", ["XMPPModel", "DNSMessages", collections]),
]

let extensions: [Target] = [
    target(
        "StreamFeatures",
        ["XMPPModel", "TransportSecurity", "XMLStreaming", "DomainAssociation", "StreamProtocol", "Routing"]),
    target("Prooftypes", ["XMPPModel", "TransportSecurity", "DomainAssociation"]),
    target("Backends", ["XMPPModel", "TransportSecurity", "XMLStreaming", "DomainAssociation", "Routing"]),
]

let inputAndOutput: [Target] = [
    target("EventLoops", ["CLinux", collections]),
    target("HTTPExchange", ["EventLoops", "CCurl", "CMicroHTTPD"]),
    target(
        "DNSTransport",
        ["XMPPModel", "TransportSecurity", "DNSMessages", "NameResolution", "EventLoops", "HTTPExchange"]),
    target(
        "POSHTransport",
        [
            "XMPPModel", "DomainAssociation", "Prooftypes", "DNSMessages", "NameResolution", "EventLoops",
            "HTTPExchange", "DNSTransport",
        ]),
    target("Diagnostics", [logging]),
]

let daemon: [Target] = [
    target(
        "Federation",
        [
            "XMPPModel", "Configuration", "TransportSecurity", "XMLStreaming", "DNSMessages", "DomainAssociation",
            "StreamProtocol", "Routing", "NameResolution", "EventLoops", "DNSTransport", "Diagnostics",
            "Administration", collections,
        ]),
    target("Administration", ["XMPPModel"]),
]

let assembledFrom: [Target.Dependency] =
    (values + codecs + deciders + extensions + inputAndOutput + daemon).map { .init(stringLiteral: $0.name) }

let programs: [Target] = [
    target("Assembly", assembledFrom),
    target("Demonstration", assembledFrom + ["Assembly"]),
    program("ligased", ["Assembly", argumentParser]),
    program(
        "ligasectl", ["Assembly", "Administration", "Configuration", "XMPPModel", "Demonstration", argumentParser]),
    // The example of the library's users; it has a package of its own, and may import the library alone.
    .executableTarget(
        name: "VerifyDomainExample",
        dependencies: ["DomainAssociation", "Prooftypes", "TransportSecurity", "XMPPModel"],
        path: "Examples/verify-domain/Sources/verify-domain", swiftSettings: swiftSettings),
    program(
        "ligase-bench",
        assembledFrom + ["Assembly", "Demonstration", "TestSupport", "HTTPTestSupport", "CMalloc", argumentParser]),
]

let testing: [Target] = [
    tests("XMPPModelTests", ["XMPPModel"]),
    tests("ConfigurationTests", ["Configuration", "XMPPModel"]),
    tests("TransportSecurityTests", ["TransportSecurity", "XMPPModel"]),
    tests("XMLStreamingTests", ["XMLStreaming", "XMPPModel"]),
    tests("DNSMessagesTests", ["DNSMessages", "XMPPModel", "TestSupport"]),
    tests("DomainAssociationTests", ["DomainAssociation", "XMPPModel", "StreamTestSupport"]),
    tests(
        "StreamProtocolTests",
        ["StreamProtocol", "StreamFeatures", "DomainAssociation", "XMPPModel", "StreamTestSupport"]),
    tests("RoutingTests", ["Routing", "DomainAssociation", "XMPPModel"]),
    tests("NameResolutionTests", ["NameResolution", "DNSMessages", "XMPPModel", "TestSupport"]),
    tests(
        "StreamFeaturesTests",
        ["StreamFeatures", "StreamProtocol", "DomainAssociation", "XMPPModel", "StreamTestSupport"]),
    tests(
        "ProoftypesTests",
        ["Prooftypes", "DomainAssociation", "TransportSecurity", "XMPPModel", "TestSupport", "VerifyDomainExample"]),
    tests("BackendsTests", ["Backends", "Routing", "DomainAssociation", "XMPPModel", "XMLStreaming"]),
    tests("EventLoopsTests", ["EventLoops"]),
    tests("DiagnosticsTests", ["Diagnostics", logging]),
    tests("AdministrationTests", ["Administration", "XMPPModel"]),
    tests(
        "DNSTransportTests",
        [
            "DNSTransport", "DNSMessages", "NameResolution", "EventLoops", "XMPPModel", "TransportSecurity",
            "HTTPExchange", "Demonstration", "HTTPTestSupport",
        ]),
    tests(
        "HTTPExchangeTests",
        ["HTTPExchange", "EventLoops", "TransportSecurity", "XMPPModel", "HTTPTestSupport", "TestSupport"]),
    tests(
        "POSHTransportTests",
        [
            "POSHTransport", "Prooftypes", "DomainAssociation", "DNSTransport", "NameResolution", "DNSMessages",
            "EventLoops", "HTTPExchange", "TransportSecurity", "XMPPModel", "HTTPTestSupport", "Demonstration",
        ]),
    .target(
        name: "HTTPTestSupport", dependencies: ["EventLoops", "TransportSecurity", "XMPPModel"],
        path: "Tests/HTTPTestSupport", swiftSettings: swiftSettings),
    tests(
        "DemonstrationTests",
        [
            "Demonstration", "Administration", "Assembly", "DomainAssociation", "StreamProtocol", "Routing",
            "XMPPModel", "DNSMessages", "EventLoops", "TransportSecurity", "TestSupport",
        ]),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .target(
        name: "StreamTestSupport",
        dependencies: ["StreamProtocol", "StreamFeatures", "DomainAssociation", "XMPPModel", "XMLStreaming"],
        path: "Tests/StreamTestSupport", swiftSettings: swiftSettings),
    tests("FederationTests", assembledFrom + ["Assembly", "Demonstration", "TestSupport", "HTTPTestSupport"]),
    .testTarget(
        name: "ScenarioTests",
        dependencies: [
            "StreamProtocol", "StreamFeatures", "DomainAssociation", "XMPPModel", "XMLStreaming", "StreamTestSupport",
            "TestSupport",
        ],
        exclude: ["Scenarios"], swiftSettings: swiftSettings),
    tests("ArchitectureTests", ["TestSupport"]),
    tests(
        "AssemblyTests",
        assembledFrom + [
            "Assembly", "Demonstration", "TestSupport", "StreamTestSupport", "HTTPTestSupport", "ligased", "ligasectl",
        ]),
    // What the fuzzers check; `Tests/Fuzzing/run` links it with the harnesses, which are no targets.
    .target(
        name: "FuzzingProperties",
        dependencies: [
            "XMPPModel", "Configuration", "TransportSecurity", "XMLStreaming", "DNSMessages", "DomainAssociation",
            "StreamProtocol", "StreamFeatures", "Prooftypes", "Routing", "Backends", "Administration",
            "StreamTestSupport",
        ],
        path: "Tests/Fuzzing/Properties", swiftSettings: swiftSettings),
    tests("FuzzingTests", ["FuzzingProperties"]),
    // The scenarios' folders hold zones and server configurations, which the tests read from the checkout.
    .testTarget(
        name: "InteropTests",
        dependencies: [
            "TestSupport", "Demonstration", "DNSMessages", "DNSTransport", "DomainAssociation", "EventLoops",
            "HTTPExchange", "NameResolution", "POSHTransport", "Prooftypes", "TransportSecurity", "XMPPModel",
        ],
        exclude: [
            "common", "00-harness", "01-prosody-starttls", "02-prosody-direct-tls", "03-ejabberd-starttls",
            "04-ejabberd-direct-tls", "05-refusals", "06-bursts", "07-ejabberd-certificate-usage",
            "08-scripted-peer", "09-scripted-target", "10-signed-hierarchy", "11-forwarders", "12-split-zones",
            "13-forged-delegation", "14-prosody-dane", "15-nginx-posh", "16-posh-pair", "17-posh-listener", "18-check",
            "19-dialback", "20-withheld-certificate", "21-dialback-in-clear", "22-check-dialback", "23-several-domains",
            "24-bidirectional",
        ],
        swiftSettings: swiftSettings),
]

let package = Package(
    name: "ligase",
    products: [
        .executable(name: "ligased", targets: ["ligased"]),
        .executable(name: "ligasectl", targets: ["ligasectl"]),
        .executable(name: "ligase-bench", targets: ["ligase-bench"]),
        // For other programs: everything that a claim, its evidence and its conclusion are made of.
        .library(
            name: "DomainNameAssociation",
            targets: ["DomainAssociation", "Prooftypes", "TransportSecurity", "XMPPModel"]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: systemLibraries + values + codecs + deciders + extensions + inputAndOutput + daemon + programs + testing,
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
