/// The rows of the architecture: each target, and what it may import.
enum Layers {
    /// What the layers below input and output may not touch: sockets, time, chance and files.
    static let system: Set<String> = ["Dispatch", "Glibc", "Foundation", "FoundationEssentials"]

    /// Files that decide and read a format for which there is a library outside these layers: JSON (RFC 8801 §4.3).
    static let formats: [String: Set<String>] = [
        "Sources/NameResolution/Discovery/ProvisioningDocument.swift": ["FoundationEssentials"]
    ]

    private static let values: Set<String> = ["XMPPModel", "Configuration"]
    private static let codecs: Set<String> = ["TransportSecurity", "XMLStreaming", "DNSMessages"]
    static let deciders: Set<String> = ["DomainAssociation", "StreamProtocol", "Routing", "NameResolution"]
    private static let extensions: Set<String> = ["StreamFeatures", "Prooftypes", "Backends"]
    private static let inputAndOutput: Set<String> = [
        "EventLoops", "HTTPExchange", "DNSTransport", "POSHTransport", "Diagnostics",
    ]
    private static let below = values.union(codecs).union(deciders)

    /// The C module that belongs to a target.
    static let owners: [String: String] = [
        "CIDN2": "XMPPModel", "CTOML": "Configuration", "COpenSSL": "TransportSecurity", "CLibXML2": "XMLStreaming",
        "CLdns": "DNSMessages", "CLinux": "EventLoops", "CCurl": "HTTPExchange", "CMicroHTTPD": "HTTPExchange",
        "CMalloc": "ligase-bench",
    ]

    /// What each target may import of Ligase and of the packages.
    static let rows: [String: Set<String>] = [
        "XMPPModel": [],
        "Configuration": ["XMPPModel"],
        "TransportSecurity": ["XMPPModel"],
        "XMLStreaming": ["XMPPModel"],
        "DNSMessages": ["XMPPModel"],
        "DomainAssociation": ["XMPPModel"],
        "StreamProtocol": ["XMPPModel", "DomainAssociation"],
        "Routing": ["XMPPModel", "DomainAssociation", "DequeModule"],
        "NameResolution": ["XMPPModel", "DNSMessages", "DequeModule", "FoundationEssentials"],
        "StreamFeatures": below,
        "Prooftypes": below,
        "Backends": below,
        "EventLoops": ["Dispatch", "Glibc", "DequeModule"],
        "HTTPExchange": ["Dispatch", "Glibc", "EventLoops"],
        "DNSTransport": codecs.union(["XMPPModel", "NameResolution", "EventLoops", "HTTPExchange", "Dispatch", "Glibc"]
        ),
        "POSHTransport": [
            "XMPPModel", "DomainAssociation", "Prooftypes", "DNSMessages", "NameResolution", "EventLoops",
            "HTTPExchange", "DNSTransport", "Dispatch", "Glibc",
        ],
        "Diagnostics": ["Dispatch", "Glibc", "Logging"],
        "Federation": below.union(inputAndOutput).union([
            "Administration", "Dispatch", "Glibc", "DequeModule", "Logging",
        ]),
        "Administration": ["XMPPModel", "FoundationEssentials"],
    ]

    /// Targets that choose the concrete parts, and programs: nothing is forbidden to them but what belongs to others.
    static let assembled: Set<String> = ["Assembly", "Demonstration", "ligased", "ligasectl", "ligase-bench"]

    /// Values, codecs, deciders and extensions: with the same input they give the same answer.
    static let pure = below.union(extensions)
}
