internal import StreamProtocol
internal import XMPPModel

/// Two ends joined in memory: one stream, on which further sender domains are asserted.
final class PairConversation {
    let initiating: PairEndpoint
    let receiving: PairEndpoint

    /// Establishes the first pair.
    init(_ proof: PairProof) throws {
        let first = try Self.pair(0)
        initiating = .initiating(first, proof)
        receiving = .receiving(first.target, proof)
        for end in [initiating, receiving] {
            end.feed(.connected)
            end.feed(.secured(presentedCertificate: true))
        }
        carry()
        guard initiating.established == 1, receiving.established == 1 else {
            throw BenchmarkFailure("the first pair was not established")
        }
    }

    /// Of a tenant to the one remote domain.
    static func pair(_ number: Int) throws -> DomainPair {
        DomainPair(
            sender: try DomainName("tenant-\(number).hosting.example"), target: try DomainName("remote-server.example"))
    }

    /// Asserts these pairs, all wanted at once.
    func associate(_ pairs: [DomainPair]) throws {
        let before = initiating.established
        for pair in pairs { initiating.feed(.associate(pair)) }
        carry()
        guard initiating.established == before + pairs.count, receiving.established == initiating.established else {
            throw BenchmarkFailure("\(initiating.established) of \(before + pairs.count) pairs were established")
        }
    }

    private func carry() {
        while !initiating.output.isEmpty || !receiving.output.isEmpty {
            for (from, to) in [(initiating, receiving), (receiving, initiating)] {
                let octets = from.output
                from.output = []
                for piece in octets { to.receive(piece) }
            }
        }
    }
}
