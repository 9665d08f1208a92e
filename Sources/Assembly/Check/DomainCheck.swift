internal import Administration
internal import Configuration
internal import DNSMessages
internal import DomainAssociation
internal import Federation
internal import NameResolution
internal import XMPPModel

/// What DNS says of the way to a remote domain, step by step as the daemon goes it, and what to mend.
struct DomainCheck {
    let domain: DomainName
    let service: CheckedService
    /// Answers one question.
    let ask: @Sendable (DNSQuestion) async -> Answer
    /// The internal zone of a name, if nothing in the configuration says whether it is signed.
    let undeclaredZone: @Sendable (DNSName) -> DNSName?
    /// Seconds since 1970.
    let moment: Int64

    private(set) var report: CheckReport
    /// Where connections are taken, in the order in which they are tried.
    private(set) var endpoints: [CheckedEndpoint] = []
    /// Targets whose addresses were looked at, for a host that several service records name.
    private var addressesOfHosts: [DNSName: HostAddresses] = [:]

    /// Addresses of one host that are tried at most.
    private static let mostAddresses = 8

    init(
        _ domain: DomainName, _ service: CheckedService, at moment: Int64,
        ask: @escaping @Sendable (DNSQuestion) async -> Answer,
        undeclaredZone: @escaping @Sendable (DNSName) -> DNSName?
    ) {
        self.undeclaredZone = undeclaredZone
        self.moment = moment
        self.domain = domain
        self.service = service
        self.ask = ask
        report = CheckReport(domain: domain.description, service: service.rawValue)
    }

    /// Takes every step.
    ///
    /// - Parameter routes: Where the configuration sends us, in place of what DNS says; empty for nowhere.
    mutating func perform(routes: [RemotePolicy.Route]) async {
        guard routes.isEmpty else { return take(routes) }
        await checkNames()
    }

    private mutating func take(_ routes: [RemotePolicy.Route]) {
        add(
            "route", .ok,
            "[[remote]] has servers for \(domain): the daemon dials these and asks DNS for none, so that DNS is not "
                + "looked at here either")
        for route in routes {
            guard let address = IPAddress(octets: route.address.octets) else { continue }
            endpoints.append(
                CheckedEndpoint(
                    host: address.description, port: route.address.port, directTLS: route.directTLS,
                    addresses: [address]))
        }
    }

    // MARK: - The domain

    private mutating func checkNames() async {
        let name: DNSName
        if let literal = IPAddress(domain.ascii) {
            add("name", .warning, "\(literal) is an address: DNS says nothing of it, and nothing can prove it")
            return addLiteral(literal)
        }
        do throws(DNSNameError) {
            name = try DNSName(domain)
        } catch {
            return add("name", .failed, "DNS cannot carry it: \(error)", fix: "check the spelling of the domain")
        }
        let ascii = domain.ascii == domain.description ? "" : " (\(domain.ascii) in DNS)"
        add("name", .ok, "\(domain) is a domain\(ascii)")
        // Where there is no such name, there is nothing below it either (RFC 8020).
        if await checkZone(name) { await checkServices(name) }
    }

    private mutating func addLiteral(_ literal: IPAddress) {
        endpoints.append(
            CheckedEndpoint(
                host: literal.description, port: service.defaultPort, directTLS: false, addresses: [literal]))
    }

    /// The domain itself: whether its zone is signed.
    ///
    /// - Returns: Whether it may exist.
    private mutating func checkZone(_ name: DNSName) async -> Bool {
        let answer = await ask(DNSQuestion(name, .soa))
        let words = AnswerWords(answer, undeclaredZone: undeclaredZone(answer.canonicalName))
        let step = "dnssec \(name)"
        if case .nameDoesNotExist = answer.content {
            add(step, .failed, "the domain does not exist (\(words.statusAndReason))", fix: "check the spelling")
            return false
        }
        add(step, words.result, words.statusAndReason, fix: words.fix(of: name))
        for link in answer.report?.chain ?? [] {
            add("chain \(link.zone)", AnswerWords.result(of: link.status), link.detail)
        }
        return true
    }

    // MARK: - Service records

    private mutating func checkServices(_ name: DNSName) async {
        var answers: [ServiceEndpoint.Method: Answer] = [:]
        for method in [ServiceEndpoint.Method.directTLS, .startTLS] {
            do throws(DNSNameError) {
                let question = try service.question(of: name, for: method)
                let answer = await ask(question)
                answers[method] = answer
                addService(answer)
            } catch {
                add("srv", .failed, "the name with \(service.label(method)) is too long: \(error)")
            }
        }
        guard let directTLS = answers[.directTLS], let startTLS = answers[.startTLS] else { return }
        var generator = SystemRandomNumberGenerator()
        let resolution = ServiceTargets.resolution(
            of: domain, directTLS: directTLS, startTLS: startTLS, using: &generator)
        switch resolution {
        case .endpoints(let endpoints): await check(endpoints)
        case .notOffered(let reason):
            add(
                "targets", .failed, "the domain says that it offers no \(service.rawValue): \(reason)",
                fix: "nothing: its operator wants no connections; stanzas are returned with remote-server-not-found")
        case .nameDoesNotExist:
            add("targets", .failed, "the domain does not exist", fix: "check the spelling")
        case .failed(let reason):
            add(
                "targets", .failed, "nobody is dialled, because a lookup failed: \(reason)",
                fix: "mend the lookup above; a failure never leads to other addresses (RFC 7673 §3.1)")
        }
    }

    private mutating func addService(_ answer: Answer) {
        let words = AnswerWords(answer, undeclaredZone: undeclaredZone(answer.canonicalName))
        let step = "srv \(answer.question.name)"
        guard answer.failure == nil else {
            return add(step, .failed, words.statusAndReason, fix: words.fix(of: answer.question.name))
        }
        guard !answer.records.isEmpty else {
            return add(step, .absent, "no records (\(words.status))")
        }
        let targets: [String] = answer.records.compactMap { record in
            guard case .srv(let priority, let weight, let port, let target) = record.data else { return nil }
            return target.isRoot ? "no service (target “.”)" : "\(priority) \(weight) \(port) \(target)"
        }
        let list = targets.joined(separator: ", ")
        if answer.canonicalName != answer.question.name {
            add("alias \(answer.question.name)", .warning, "is an alias of \(answer.canonicalName)")
        }
        add(step, words.result, "\(list) (\(words.brief))", fix: words.fix(of: answer.question.name))
    }

    private mutating func check(_ services: [ServiceEndpoint]) async {
        if let first = services.first, !first.isFromServiceRecord {
            add(
                "fallback", .warning,
                "no service records: the addresses of \(domain) itself are tried on port \(service.defaultPort)",
                fix: "the operator of \(domain) should publish \(service.label(.startTLS))._tcp.\(domain) SRV records")
        }
        for endpoint in services {
            let port = endpoint.isFromServiceRecord ? endpoint.port : service.defaultPort
            switch endpoint.host {
            case .address(let literal):
                add(
                    "addresses \(literal)", .warning, "the SRV target is an address, and RFC 2782 wants a name",
                    fix: "the operator of \(domain) should name a host there")
                endpoints.append(
                    CheckedEndpoint(
                        host: literal.description, port: port, directTLS: endpoint.method == .directTLS,
                        addresses: [literal], delegation: Delegation(to: endpoint, at: moment)))
            case .name(let host):
                await check(host, port: port, of: endpoint)
            }
        }
    }

    // MARK: - One target

    private mutating func check(_ host: DNSName, port: UInt16, of endpoint: ServiceEndpoint) async {
        let found = await addresses(of: host)
        // The port of a fallback is the one of the service.
        let place = ServiceEndpoint(
            host: endpoint.host, port: port, method: endpoint.method, security: endpoint.security,
            isFromServiceRecord: endpoint.isFromServiceRecord, reason: endpoint.reason,
            lifetime: endpoint.lifetime)
        var delegation = Delegation(to: place, at: moment)
        delegation.hasSecureAddresses = found.resolutions.contains { $0.failure == nil && $0.security == .secure }
        var checked = CheckedEndpoint(
            host: host.description, port: port, directTLS: endpoint.method == .directTLS,
            addresses: Array(found.addresses.prefix(Self.mostAddresses)), delegation: delegation)
        guard !found.addresses.isEmpty else {
            checked.refusal = "the host has no address that can be used"
            return endpoints.append(checked)
        }
        let associations = await TLSACheck(host: host, port: port, addresses: found.resolutions).perform(ask)
        report.steps += associations.steps(delegationIsSecure: endpoint.security == .secure, of: domain)
        // Without a secure way to the host its TLSA records mean nothing (RFC 7673 §3.1).
        if endpoint.security == .secure {
            checked.delegation?.tlsa = TLSAAnswer(associations.resolution, port: port, at: moment)
            if let failure = associations.resolution.failure {
                checked.refusal = "its TLSA records could not be found out: \(failure)"
            }
        }
        endpoints.append(checked)
    }

    /// Each host is a step once, however many service records name it.
    private mutating func addresses(of host: DNSName) async -> HostAddresses {
        if let known = addressesOfHosts[host] { return known }
        let found = await HostAddresses(of: host, ask: ask)
        addressesOfHosts[host] = found
        report.steps += found.steps(of: domain)
        return found
    }

    private mutating func add(
        _ name: String, _ result: CheckReport.Result, _ detail: String, fix: String? = nil
    ) {
        report.steps.append(CheckReport.Step(name, result, detail, fix: fix))
    }
}
