import DomainAssociation
import FoundationEssentials
import Glibc
import Prooftypes
import TransportSecurity
import XMPPModel

/// Says whether a certificate proves a domain, by authorities, by TLSA records and by a POSH document.
///
///     verify-domain a.example chain.pem authorities.pem [HOST:PORT "3 1 1 0123…"] [posh.json]
///
/// A real program would look records and documents up; this one is told them, and takes them for authentic.
@main
struct VerifyDomain {
    static func main() async {
        do {
            let isProved = try await Inquiry(Array(CommandLine.arguments.dropFirst())).answer()
            exit(isProved ? 0 : 1)
        } catch {
            print("verify-domain: \(error)")
            exit(2)
        }
    }
}

/// What is to be found out, and what is known.
struct Inquiry {
    private let claim: DomainClaim
    private let verifier: DomainVerifier
    private let tlsa: TLSAAnswer?
    private let document: [UInt8]?
    private let moment: Int64

    init(_ arguments: [String]) throws {
        guard arguments.count >= 3 else { throw Misuse() }
        moment = Int64(Date().timeIntervalSince1970)
        let domain = try DomainName(arguments[0])
        let chain = try Certificate.chain(pem: try Self.read(arguments[1]))
        verifier = DomainVerifier(trustStore: try TrustStore(authorities: [.file(arguments[2])]))

        var rest = arguments.dropFirst(3)
        var tlsa: TLSAAnswer?
        if rest.count >= 2, let host = rest.first?.split(separator: ":"), host.count == 2, let port = UInt16(host[1]) {
            tlsa = TLSAAnswer(
                .records([try Self.record(rest.removeFirst(), rest.removeFirst())]), base: String(host[0]), port: port)
        }
        self.tlsa = tlsa
        document = try rest.first.map { try Self.read($0) }

        // We are the ones who dialled: the peer claims the target. DNSSEC vouches for the way there, if there are records.
        claim = DomainClaim(
            pair: DomainPair(sender: try DomainName("client.invalid"), target: domain), side: .target,
            certificates: chain, moment: moment,
            delegation: tlsa.map { Delegation(to: $0.base, port: $0.port, isSecure: true, detail: "as told", tlsa: $0) }
        )
    }

    /// Prints what each prooftype says.
    func answer() async -> Bool {
        let conclusion = await verifier.verify(claim) { requests, evidence in
            for request in requests { look(up: request, &evidence) }
        }
        for verdict in conclusion.verdicts { print("\(verdict.prooftype): \(verdict.result), \(verdict.reason)") }
        switch conclusion {
        case .proven(let proven):
            print("\(claim.claimedDomain) is proved by \(proven.prooftype)")
            return true
        case .refused:
            print("\(claim.claimedDomain) is not proved")
            return false
        }
    }

    /// Here a real program asks a validating resolver, or a web server.
    private func look(up request: EvidenceRequest, _ evidence: inout Evidence) {
        switch request {
        case .serviceRecords(let domain):
            evidence.add(Evidence.ServiceRecords(records: [], isSecure: false, detail: "none were told"), of: domain)
        case .tlsaRecords(let host, let port):
            let none = TLSAAnswer(.absent, base: host, port: port, detail: "none were told")
            evidence.add(tlsa ?? none, host: host, port: port)
        case .publishedKeys(let domain, let service):
            evidence.add(published(by: domain, for: service), of: domain, for: service)
        }
    }

    /// `POSHRetrieval` says which URL is to be fetched; the answer to the first is the document that we were told.
    private func published(by domain: DomainName, for service: ClaimedService) -> PublishedKeys {
        var retrieval = POSHRetrieval(POSHQuestion(domain, for: service), start: moment)
        var actions = retrieval.begin()
        for _ in 0..<POSHRetrieval.mostRedirections {
            switch actions.first {
            case .get:
                actions = retrieval.handle(document.map { .answered(status: 200, body: $0) } ?? .answered(status: 404))
            case .finish(let keys): return keys
            case nil: break
            }
        }
        return PublishedKeys(.none(reason: "no document was told"))
    }

    // MARK: - Reading

    private struct Misuse: Error, CustomStringConvertible {
        let description = "DOMAIN CHAIN AUTHORITIES [HOST:PORT \"USAGE SELECTOR MATCHING DATA\"] [DOCUMENT]"
    }

    private static func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    private static func record(_ place: String, _ text: String) throws -> TLSARecord {
        let words = text.split(separator: " ")
        guard words.count == 4, let usage = UInt8(words[0]), let selector = UInt8(words[1]),
            let matching = UInt8(words[2]), let data = Hexadecimal.decode(words[3])
        else { throw Misuse() }
        return TLSARecord(usage: usage, selector: selector, matching: matching, data: data)
    }
}
