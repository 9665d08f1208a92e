internal import Administration
internal import DomainAssociation
internal import Prooftypes
internal import XMPPModel

/// What is published about the keys of a server, compared with what it presents.
struct ProofSteps {
    let domain: DomainName
    /// Seconds since 1970.
    let moment: Int64

    // MARK: - DANE

    /// How the TLSA records of an endpoint stand to what was presented there: where a change of keys is under way, and
    /// where the next one would break (RFC 7671 §8).
    func rollover(_ target: ProbedTarget, name: String) -> CheckReport.Step? {
        guard let answer = target.endpoint.delegation?.tlsa, !answer.records.isEmpty else { return nil }
        let step = "keys \(name)"
        guard !target.certificates.isEmpty else {
            return CheckReport.Step(
                step, .failed, "records are published, and TLS did not come up: nothing else will do (RFC 7673 §3.4)",
                fix: "the operator of \(target.endpoint.host) has to offer TLS on port \(target.endpoint.port)")
        }
        let state = TLSAState(answer.records, presenting: target.certificates)
        let isProven = target.judgement.statements.contains { $0.name == "dane" && $0.proof.result == .proven }
        let isRefuted = target.judgement.conclusion.isRefutation
        if isRefuted {
            return CheckReport.Step(
                step, .failed,
                "none of \(Self.list(state.others)) at \(answer.owner) is what the server presents: nobody who looks "
                    + "at DANE connects; if nobody changed keys, somebody may be in the way",
                fix:
                    "the operator of \(target.endpoint.host) has to publish “ligasectl tlsa” of the certificate in use, "
                    + "and to leave the former record until its TTL has passed")
        }
        guard isProven else {
            return CheckReport.Step(
                step, .warning, "no record can be used: \(state.unusable.joined(separator: "; "))",
                fix: "the operator of \(target.endpoint.host) should publish usage 3, selector 1, matching 1")
        }
        if state.matching.isEmpty {
            return CheckReport.Step(step, .ok, "an authority that is published vouches for the certificate")
        }
        var detail = "\(Self.list(state.matching)) is the key in use"
        detail +=
            state.others.isEmpty
            ? "; no other key is published: publish the next one's record a TTL before switching to it"
            : "; another key is published (\(Self.list(state.others))): a change of keys can go ahead, or is over"
        if !state.unusable.isEmpty { detail += "; passed over: \(state.unusable.joined(separator: "; "))" }
        return CheckReport.Step(step, .ok, detail)
    }

    private static func list(_ records: [String], limit: Int = 4) -> String {
        let shown = records.prefix(limit).joined(separator: ", ")
        return records.count > limit ? "\(shown) and \(records.count - limit) more" : shown
    }

    // MARK: - POSH

    /// What the domain publishes over HTTPS, and whether somebody presents it.
    func posh(_ published: PublishedKeys, results: [CheckReport.Proof.Result]) -> CheckReport.Step {
        let step = "posh"
        let place = published.finalURL ?? "no URL"
        switch published.content {
        case .none(let reason), .unanswered(let reason):
            return CheckReport.Step(step, .absent, "no document: \(reason)")
        case .invalid(let reason):
            return CheckReport.Step(
                step, .warning, "\(place): \(reason)",
                fix: "the operator of \(domain) should publish what “ligasectl posh” writes")
        case .refused(let reason):
            return CheckReport.Step(
                step, .warning, "not retrieved from \(place): \(reason)",
                fix: "the operator of \(domain) should mend the web server there, or take the document away")
        case .material(let material):
            return poshDocument(material, published, place, results)
        }
    }

    private func poshDocument(
        _ material: PublishedKeyMaterial, _ published: PublishedKeys, _ place: String,
        _ results: [CheckReport.Proof.Result]
    ) -> CheckReport.Step {
        let (form, count, isWeak) = Self.form(of: material)
        var parts = ["\(place): \(form) of \(count) \(count == 1 ? "key" : "keys")"]
        if published.urls.count > 1, let first = published.urls.first { parts.append("by way of \(first)") }
        if let expires = published.expires {
            parts.append("holds until \(Timestamp(secondsSince1970: expires))")
        } else {
            parts.append("expires is missing or zero, so that it is fetched each time")
        }
        parts += material.remarks.prefix(4)
        let isProven = results.contains(.proven)
        if results.contains(.failed) {
            parts.append(
                isProven
                    ? "some of the servers present another certificate" : "none of the servers presents one of them")
            return CheckReport.Step(
                "posh", .warning, parts.joined(separator: "; "),
                fix: "the operator of \(domain) should publish the certificates in use, before servers switch to them")
        }
        if isWeak { parts.append("SHA-1 alone is weak") }
        if count == 1, isProven { parts.append("publish the next certificate before servers switch to it") }
        return CheckReport.Step(
            "posh", isWeak ? .warning : .ok, parts.joined(separator: "; "),
            fix: isWeak ? "the operator of \(domain) should add sha-256 fingerprints (x5t#S256)" : nil)
    }

    private static func form(of material: PublishedKeyMaterial) -> (words: String, count: Int, isWeak: Bool) {
        switch material.form {
        case .fingerprints(let descriptors):
            return (
                "RFC 7711 document", descriptors.count,
                descriptors.contains { descriptor in descriptor.digests.keys.allSatisfy { $0 == .sha1 } }
            )
        case .webKeys(let keys):
            return (
                "JWK set of the draft", keys.count,
                keys.contains { key in key.thumbprints.keys.allSatisfy { $0 == .sha1 } }
            )
        }
    }
}
