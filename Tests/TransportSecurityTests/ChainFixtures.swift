import Testing
import TransportSecurity
import XMPPModel

/// One chain for each way in which a chain can be wrong (RFC 5280 §6), with the fault that it must meet.
enum ChainFixtures {
    struct BadChain: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let make: @Sendable () throws -> [PeerCertificate]
        let isExpected: @Sendable (ChainFault) -> Bool

        init(
            _ name: String, make: @escaping @Sendable () throws -> [PeerCertificate],
            isExpected: @escaping @Sendable (ChainFault) -> Bool
        ) {
            testDescription = name
            self.make = make
            self.isExpected = isExpected
        }
    }

    static func intermediate(
        _ change: (inout CertificateTemplate) -> Void = { _ in }
    ) throws -> CertificateAuthority {
        var template = Fixtures.authority("Test Intermediate")
        change(&template)
        return try Fixtures.root.get().subordinate(template)
    }

    private static func below(
        _ change: (inout CertificateTemplate) -> Void
    ) throws -> [PeerCertificate] {
        try intermediate(change).issue(Fixtures.template("a.example")).chain
    }

    private static func leaf(_ change: (inout CertificateTemplate) -> Void) throws -> [PeerCertificate] {
        try Fixtures.issue("a.example", nil, change).chain
    }

    static let badChains: [BadChain] = [
        BadChain("nothing at all") {
            []
        } isExpected: {
            $0 == .noCertificate
        },
        BadChain("not a certificate") {
            [PeerCertificate(der: [0x30, 0], sha256: [])]
        } isExpected: {
            $0 == .malformed(depth: 0)
        },
        BadChain("expired leaf") {
            try leaf { $0.notAfter = Fixtures.now - 1 }
        } isExpected: {
            $0 == .expired(notAfter: Fixtures.now - 1)
        },
        BadChain("leaf not yet valid") {
            try leaf { $0.notBefore = Fixtures.now + 1 }
        } isExpected: {
            $0 == .notYetValid(notBefore: Fixtures.now + 1)
        },
        BadChain("expired intermediate") {
            try below { $0.notAfter = Fixtures.now - 1 }
        } isExpected: {
            $0 == .issuerExpired(subject: "CN=Test Intermediate", depth: 1)
        },
        BadChain("intermediate not yet valid") {
            try below { $0.notBefore = Fixtures.now + 1 }
        } isExpected: {
            $0 == .issuerNotYetValid(subject: "CN=Test Intermediate", depth: 1)
        },
        BadChain("issuer without cA") {
            try below {
                $0.isAuthority = false
                $0.keyUsage = .signCertificates
            }
        } isExpected: {
            $0 == .issuerIsNotAuthority(subject: "CN=Test Intermediate", depth: 1)
        },
        BadChain("issuer without cA and without key usage") {
            try below {
                $0.isAuthority = false
                $0.keyUsage = .absent
            }
        } isExpected: {
            $0 == .issuerIsNotAuthority(subject: "CN=Test Intermediate", depth: 1)
        },
        BadChain("issuer without keyCertSign") {
            try below { $0.keyUsage = .digitalSignature }
        } isExpected: {
            $0 == .issuerMayNotSign(subject: "CN=Test Intermediate", depth: 1)
        },
        BadChain("path length exceeded") {
            let short = try intermediate { $0.pathLength = 0 }
            let second = try short.subordinate(Fixtures.authority("Second Intermediate"))
            return try second.issue(Fixtures.template("a.example")).chain
        } isExpected: {
            $0 == .pathTooLong(subject: "CN=Test Intermediate", depth: 2)
        },
        BadChain("unknown critical extension in the leaf") {
            try leaf { $0.hasUnknownCriticalExtension = true }
        } isExpected: {
            $0 == .unknownCriticalExtension(subject: "CN=a.example", depth: 0)
        },
        BadChain("unknown critical extension in the intermediate") {
            try below { $0.hasUnknownCriticalExtension = true }
        } isExpected: {
            $0 == .unknownCriticalExtension(subject: "CN=Test Intermediate", depth: 1)
        },
        BadChain("wrong signature") {
            var chain = try leaf { _ in }
            chain[0].der[chain[0].der.count - 1] ^= 1
            return chain
        } isExpected: {
            $0 == .badSignature(subject: "CN=a.example", depth: 0)
        },
        BadChain("leaf with cA=TRUE") {
            try leaf { $0.isAuthority = true }
        } isExpected: {
            $0 == .leafIsAuthority
        },
        BadChain("self-signed leaf") {
            try CertificateAuthority.selfSigned(Fixtures.template("a.example")).chain
        } isExpected: {
            $0 == .selfSigned
        },
        BadChain("self-signed leaf with cA=TRUE") {
            var template = Fixtures.template("a.example")
            template.isAuthority = true
            return try CertificateAuthority.selfSigned(template).chain
        } isExpected: {
            $0 == .selfSigned
        },
        BadChain("root of another, presented") {
            let other = try CertificateAuthority.root(Fixtures.authority("Other Root"))
            return try other.issue(Fixtures.template("a.example")).chain + other.issued.chain
        } isExpected: {
            $0 == .unknownRoot(subject: "CN=Other Root")
        },
        BadChain("root of another, left out") {
            let other = try CertificateAuthority.root(Fixtures.authority("Other Root"))
            return try other.issue(Fixtures.template("a.example")).chain
        } isExpected: {
            $0 == .unknownIssuer(issuer: "CN=Other Root", depth: 0)
        },
        BadChain("root of another under the name of ours") {
            let other = try CertificateAuthority.root(Fixtures.authority("Test Root"))
            return try other.issue(Fixtures.template("a.example")).chain
        } isExpected: {
            $0 == .badSignature(subject: "CN=a.example", depth: 0)
        },
        BadChain("intermediate left out") {
            Array(try below { _ in }.prefix(1))
        } isExpected: {
            $0 == .unknownIssuer(issuer: "CN=Test Intermediate", depth: 0)
        },
        BadChain("SHA-1 under the leaf") {
            try leaf { $0.digest = .sha1 }
        } isExpected: {
            $0 == .weakSignature(subject: "CN=a.example", algorithm: "ecdsa-with-SHA1", depth: 0)
        },
        BadChain("SHA-1 under the intermediate") {
            try below { $0.digest = .sha1 }
        } isExpected: {
            $0 == .weakSignature(subject: "CN=Test Intermediate", algorithm: "ecdsa-with-SHA1", depth: 1)
        },
        BadChain("RSA of 1024 bits in the leaf") {
            try leaf { $0.key = .rsa(1024) }
        } isExpected: {
            $0 == .weakKey(subject: "CN=a.example", bits: 1024, depth: 0)
        },
        BadChain("RSA of 1024 bits in the intermediate") {
            try below { $0.key = .rsa(1024) }
        } isExpected: {
            $0 == .weakKey(subject: "CN=Test Intermediate", bits: 1024, depth: 1)
        },
    ]
}
