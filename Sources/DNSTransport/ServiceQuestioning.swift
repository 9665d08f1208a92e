internal import DNSMessages
internal import NameResolution
internal import XMPPModel

/// The questions that lead to a domain's endpoints; it lives as long as one of them is open.
final class ServiceQuestioning {
    private let domain: DomainName
    private let resolver: any NameResolver
    private var completion: ((ServiceResolution) -> Void)?
    private var answers: [ServiceEndpoint.Method: Answer] = [:]
    private var familiesWithoutAddress = 0

    init(of domain: DomainName, by resolver: any NameResolver, completion: @escaping (ServiceResolution) -> Void) {
        self.domain = domain
        self.resolver = resolver
        self.completion = completion
    }

    func start() {
        if let literal = IPAddress(domain.ascii) {
            let endpoint = ServiceEndpoint(
                host: .address(literal), port: ServiceEndpoint.defaultPort, method: .startTLS, security: .insecure,
                isFromServiceRecord: false)
            resolver.later { self.finish(.endpoints([endpoint])) }
            return
        }
        do throws(DNSNameError) {
            for method in [ServiceEndpoint.Method.directTLS, .startTLS] {
                let question = try ServiceTargets.question(of: domain, for: method)
                resolver.resolve(question) { self.answered($0, for: method) }
            }
        } catch {
            let failure = LookupFailure.notAName(error)
            resolver.later { self.finish(.failed(reason: failure)) }
        }
    }

    private func answered(_ answer: Answer, for method: ServiceEndpoint.Method) {
        answers[method] = answer
        guard let directTLS = answers[.directTLS], let startTLS = answers[.startTLS] else { return }
        var generator = SystemRandomNumberGenerator()
        let resolution = ServiceTargets.resolution(
            of: domain, directTLS: directTLS, startTLS: startTLS, using: &generator)
        guard let endpoint = resolution.endpoints.first, !endpoint.isFromServiceRecord,
            case .name(let name) = endpoint.host
        else { return finish(resolution) }
        // Whoever dials needs these anyway, so that they cost nothing; here they tell whether the domain exists.
        for type in [RecordType.aaaa, .a] {
            resolver.resolve(DNSQuestion(name, type)) { self.addressesAnswered($0, fallback: resolution) }
        }
    }

    private func addressesAnswered(_ answer: Answer, fallback: ServiceResolution) {
        switch answer.content {
        case .records:
            finish(fallback)
        case .nameDoesNotExist:
            finish(.nameDoesNotExist)
        case .noRecords, .failed:
            familiesWithoutAddress += 1
            // Whoever dials will find out, family by family, and say why.
            if familiesWithoutAddress == 2 { finish(fallback) }
        }
    }

    /// Keys are left to who needs them: whoever judges by TLSA records asks in this very turn, together with the addresses.
    private func finish(_ resolution: ServiceResolution) {
        completion?(resolution)
        completion = nil
    }
}
