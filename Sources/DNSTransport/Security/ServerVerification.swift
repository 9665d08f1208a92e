internal import DNSMessages
internal import TransportSecurity
internal import XMPPModel

/// Decides whether the certificates that a name server presented prove who it is (RFC 8310 §8, RFC 7858 §4.2).
struct ServerVerification: Sendable {
    let authentication: ServerAuthentication
    /// The authorities, or why there are none.
    let authorities: Result<TrustStore, TrustStoreFailure>

    /// Passes if everything that is demanded holds.
    ///
    /// - Parameters:
    ///   - chain: As presented, the server's own certificate first.
    ///   - moment: Seconds since 1970.
    /// - Throws: ``AuthenticationFailure``: the first demand that does not hold.
    func check(_ chain: [PeerCertificate], at moment: Int64) throws(AuthenticationFailure) {
        guard authentication.isPossible else { throw .nothingToCompare }
        guard let leaf = chain.first else { throw .noCertificate }
        if authentication.name != nil || authentication.requiredAddressName != nil {
            let path = try trustedPath(chain, at: moment)
            if let name = authentication.name {
                guard ReferenceIdentity(name).isNamed(in: leaf, unusable: path.unusableNames) else {
                    throw .wrongName(expected: name)
                }
            }
            if let address = authentication.requiredAddressName {
                guard ReferenceIdentity.address(address).isNamed(in: leaf, unusable: path.unusableNames) else {
                    throw .missingAddress("\(address)")
                }
            }
        }
        if !authentication.pins.isEmpty, !hasPinnedKey(chain, at: moment) { throw .pinMismatch }
    }

    private func trustedPath(
        _ chain: [PeerCertificate], at moment: Int64
    ) throws(AuthenticationFailure) -> ChainVerdict.TrustedPath {
        switch authorities {
        case .failure(let failure): throw .noAuthorities("\(failure)")
        case .success(let store):
            switch store.validate(chain: chain, at: moment, direction: .outbound) {
            case .trusted(let path): return path
            case .untrusted(let fault): throw .untrusted(fault)
            }
        }
    }

    /// The server holds the key of the first certificate. Any other counts only if a valid path leads to it, for who
    /// presents a chain can append whatever certificate there is.
    private func hasPinnedKey(_ chain: [PeerCertificate], at moment: Int64) -> Bool {
        for (index, certificate) in chain.enumerated() {
            guard authentication.pins.contains(certificate.subjectPublicKeyInfoSHA256) else { continue }
            if index == 0 { return true }
            guard let store = try? TrustStore(authorities: [.certificate(certificate)]),
                case .trusted = store.validate(chain: chain, at: moment, direction: .outbound)
            else { continue }
            return true
        }
        return false
    }
}
