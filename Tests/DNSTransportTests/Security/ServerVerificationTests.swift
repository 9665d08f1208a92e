import DNSMessages
import EventLoops
import Testing
import TransportSecurity
import XMPPModel

@testable import DNSTransport

@Suite("What a name server has to prove")
struct ServerVerificationTests {
    private static func outcome(
        _ certificate: Result<IssuedCertificate, IssuingFailure>, appending more: [PeerCertificate] = [],
        _ demands: ServerAuthentication
    ) throws -> AuthenticationFailure? {
        let endpoint = NameServerEndpoint.tls(.loopbackIPv4(port: 853), authentication: demands)
        let verification = ChannelSecurity(for: [endpoint]).verification(of: demands)
        let chain = try certificate.get().chain + more
        do throws(AuthenticationFailure) {
            try verification.check(chain, at: ServerCertificates.now)
            return nil
        } catch {
            return error
        }
    }

    private static func pin(_ certificate: Result<IssuedCertificate, IssuingFailure>) throws -> [UInt8] {
        try certificate.get().certificate.subjectPublicKeyInfoSHA256
    }

    @Test func `DP-04: the name has to stand in subjectAltName, and the path to end at an authority`() throws {
        let demands = try ServerCertificates.demands()
        #expect(try Self.outcome(ServerCertificates.genuine, demands) == nil)
        #expect(try Self.outcome(ServerCertificates.wildcard, demands) == nil)
        let wrongName = AuthenticationFailure.wrongName(expected: ServerCertificates.name)
        #expect(try Self.outcome(ServerCertificates.commonNameOnly, demands) == wrongName)
        #expect(try Self.outcome(ServerCertificates.otherName, demands) == wrongName)
        for certificate in [ServerCertificates.expired, ServerCertificates.untrusted] {
            guard case .untrusted = try Self.outcome(certificate, demands) else {
                Issue.record("trusted")
                continue
            }
        }
    }

    @Test(arguments: ["DNS.Example", "dns.example."])
    func `DP-04: letter case and a final dot make no other name`(name: String) throws {
        #expect(try Self.outcome(ServerCertificates.genuine, ServerCertificates.demands(name: name)) == nil)
    }

    @Test(arguments: ["a.dns.example", "example", ".example", "dns.example.evil"])
    func `DP-04: a wildcard stands for one whole label`(name: String) throws {
        #expect(try Self.outcome(ServerCertificates.wildcard, ServerCertificates.demands(name: name)) != nil)
    }

    @Test func `DP-01: where nothing is demanded nobody is authenticated`() throws {
        let nothing = try ServerCertificates.demands(name: nil)
        #expect(try Self.outcome(ServerCertificates.genuine, nothing) == .nothingToCompare)
    }

    @Test func `DT-05: a pin is compared with the keys of the chain, and a backup pin will do`() throws {
        let right = try Self.pin(ServerCertificates.genuine)
        let wrong = [UInt8](repeating: 7, count: 32)
        let intermediate = try ServerCertificates.intermediatePin()
        for (pins, expected) in [
            ([right], nil), ([wrong, right], nil), ([intermediate], nil), ([wrong], AuthenticationFailure.pinMismatch),
        ] {
            let demands = try ServerCertificates.demands(name: nil, pins: pins)
            #expect(try Self.outcome(ServerCertificates.genuine, demands) == expected)
        }
        // A pin needs no authority (RFC 7858 §4.2).
        let untrusted = try ServerCertificates.demands(name: nil, pins: [Self.pin(ServerCertificates.untrusted)])
        #expect(try Self.outcome(ServerCertificates.untrusted, untrusted) == nil)
    }

    @Test func `DT-05: a pinned certificate that only stands in the chain proves nothing`() throws {
        let pins = [try Self.pin(ServerCertificates.genuine), try ServerCertificates.intermediatePin()]
        let demands = try ServerCertificates.demands(name: nil, pins: pins)
        let appended = try ServerCertificates.genuine.get().chain
        #expect(try Self.outcome(ServerCertificates.untrusted, appending: appended, demands) == .pinMismatch)
    }

    @Test func `DT-05: with a name and pins both have to hold`() throws {
        let pins = [try Self.pin(ServerCertificates.genuine)]
        #expect(try Self.outcome(ServerCertificates.genuine, ServerCertificates.demands(pins: pins)) == nil)
        let wrongName = try ServerCertificates.demands(name: "other.example", pins: pins)
        #expect(try Self.outcome(ServerCertificates.genuine, wrongName) == .wrongName(expected: "other.example"))
        let wrongPin = try ServerCertificates.demands(pins: [[UInt8](repeating: 7, count: 32)])
        #expect(try Self.outcome(ServerCertificates.genuine, wrongPin) == .pinMismatch)
    }

    @Test func `DP-04: an address is compared with the addresses of the certificate`() throws {
        let byAddress = try ServerCertificates.demands(name: "127.0.0.1")
        #expect(try Self.outcome(ServerCertificates.withAddress, byAddress) == nil)
        #expect(try Self.outcome(ServerCertificates.genuine, byAddress) == .wrongName(expected: "127.0.0.1"))
        var designated = try ServerCertificates.demands()
        designated.requiredAddressName = IPAddress("127.0.0.1")
        #expect(try Self.outcome(ServerCertificates.withAddress, designated) == nil)
        #expect(try Self.outcome(ServerCertificates.genuine, designated) == .missingAddress("127.0.0.1"))
    }

    @Test func `authorities that cannot be read make nobody trusted`() throws {
        let demands = ServerAuthentication(name: ServerCertificates.name, authorities: .pem(Array("nonsense".utf8)))
        guard case .noAuthorities = try Self.outcome(ServerCertificates.genuine, demands) else {
            Issue.record("trusted")
            return
        }
    }
}
