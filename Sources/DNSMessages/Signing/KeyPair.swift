internal import CLdns
internal import Synchronization

/// A private key of the library, freed exactly once.
final class KeyPair: Sendable {
    private let algorithm: SigningAlgorithm
    // The library promises nothing about a key that two threads sign with.
    private let handle: Mutex<UnsafeMutablePointer<ldns_key>>

    init(_ algorithm: SigningAlgorithm, modulusBits: Int) throws(SigningFailure) {
        guard SigningAlgorithm.supported.contains(algorithm) else { throw .unsupportedAlgorithm(algorithm) }
        let number = ldns_signing_algorithm(rawValue: UInt32(algorithm.rawValue))
        guard let bits = UInt16(exactly: modulusBits), let key = ldns_key_new_frm_algorithm(number, bits) else {
            throw .libraryFailed(algorithm)
        }
        self.algorithm = algorithm
        handle = Mutex(key)
    }

    deinit { handle.withLock { ldns_key_deep_free($0) } }

    /// The public half in the form of the algorithm.
    func publicKey() throws(SigningFailure) -> [UInt8] {
        let octets: [UInt8]? = handle.withLock { key in
            guard let record = ldns_key2rr(key) else { return nil }
            defer { ldns_rr_free(record) }
            return ldns_rr_rdf(record, 3).map(Self.octets)
        }
        guard let octets else { throw .libraryFailed(algorithm) }
        return octets
    }

    /// Signs octets.
    func sign(_ octets: [UInt8]) throws(SigningFailure) -> [UInt8] {
        let signature: [UInt8]? = handle.withLock { key in
            guard let buffer = ldns_buffer_new(octets.count) else { return nil }
            defer { ldns_buffer_free(buffer) }
            ldns_buffer_write(buffer, octets, octets.count)
            guard let field = ldns_sign_public_buffer(buffer, key) else { return nil }
            defer { ldns_rdf_deep_free(field) }
            return Self.octets(of: field)
        }
        guard let signature else { throw .libraryFailed(algorithm) }
        return signature
    }

    private static func octets(of field: UnsafeMutablePointer<ldns_rdf>) -> [UInt8] {
        Array(UnsafeBufferPointer(start: ldns_rdf_data(field), count: ldns_rdf_size(field)))
    }
}
