public import DomainAssociation
public import StreamFeatures
public import StreamProtocol
public import XMPPModel

extension DialbackSettings {
    /// Dialback as a test has it: a secret that is known, and one level for everybody.
    public static func test(_ level: FederationPolicy.Level = .authenticated) -> DialbackSettings {
        DialbackSettings(keys: DialbackSecret.test) { _ in
            DialbackRules(FederationPolicy(level: level, prooftypes: [ScriptedProoftype.believing]))
        }
    }
}

extension DialbackSecret {
    /// The secret of XEP-0185's example.
    public static let test = DialbackSecret("s3cr3tf0rd14lb4ck")
}

extension AuthoritativeServer {
    /// The server that was dialled for the sender of a pair, with a proof of its own or without.
    public static func dialled(
        for pair: DomainPair, isProved: Bool = true, isEncrypted: Bool = true, certificate: PeerCertificate? = nil
    ) -> AuthoritativeServer {
        let claim = DomainClaim(
            pair: pair.reversed, side: .target, certificates: certificate.map { [$0] } ?? [], moment: 1_767_225_600)
        let assessment: Assessment =
            isProved ? .proven(Proof(["matched": "DNS-ID"], expires: nil)) : .inconclusive(reason: "nobody vouches")
        var proofCase = ProofCase(claim, under: FederationPolicy(prooftypes: [ScriptedProoftype(always: assessment)]))
        var conclusion = ProofConclusion.refused(claim, [])
        for case .concluded(let end) in proofCase.handle(.opened) { conclusion = end }
        return AuthoritativeServer(conclusion, isEncrypted: isEncrypted, address: "192.0.2.1:5269")
    }
}

extension XMLElement {
    /// `<db:result/>` as a request.
    public static func result(_ pair: DomainPair, key: String = "k") -> XMLElement {
        XMLElement(
            Namespace.dialback, "result",
            attributes: ["from": pair.sender.description, "to": pair.target.description], text: key)
    }

    /// `<db:result/>` as the answer to the request for a pair.
    public static func result(_ pair: DomainPair, type: String, error: String? = nil) -> XMLElement {
        XMLElement(
            Namespace.dialback, "result",
            attributes: ["from": pair.target.description, "to": pair.sender.description, "type": type],
            error.map { [.dialbackError($0)] } ?? [])
    }

    /// `<db:verify/>` as the question whether a key of the pair's sender is its own.
    public static func verify(_ pair: DomainPair, id: String, key: String = "k") -> XMLElement {
        XMLElement(
            Namespace.dialback, "verify",
            attributes: ["from": pair.target.description, "id": id, "to": pair.sender.description], text: key)
    }

    /// `<db:verify/>` as the answer to that question.
    public static func verify(_ pair: DomainPair, id: String, type: String, error: String? = nil) -> XMLElement {
        XMLElement(
            Namespace.dialback, "verify",
            attributes: [
                "from": pair.sender.description, "id": id, "to": pair.target.description, "type": type,
            ], error.map { [.dialbackError($0)] } ?? [])
    }

    private static func dialbackError(_ condition: String) -> XMLElement {
        XMLElement(
            Namespace.server, "error", attributes: ["type": "cancel"], [XMLElement(Namespace.stanzaErrors, condition)])
    }
}
