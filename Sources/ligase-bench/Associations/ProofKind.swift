internal import ArgumentParser

/// What proves the remote domains of a measurement.
enum ProofKind: String, CaseIterable, ExpressibleByArgument {
    case pkix, dane, posh

    /// As people write it.
    var title: String { rawValue.uppercased() }

    /// Whether the remote servers' certificate is one that an authority issued; it is self-signed otherwise.
    var isIssued: Bool { self == .pkix }
}
