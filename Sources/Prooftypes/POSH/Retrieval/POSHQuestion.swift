public import DomainAssociation
public import XMPPModel

/// What a domain publishes for one service: what is retrieved once for all who ask (PO-22).
public struct POSHQuestion: Hashable, Sendable {
    /// The source domain.
    public let domain: DomainName
    /// The service.
    public let service: ClaimedService

    /// Makes a question.
    public init(_ domain: DomainName, for service: ClaimedService = .server) {
        self.domain = domain
        self.service = service
    }

    /// The URL at the source domain; nil for an address, which publishes nothing.
    func url(_ path: POSHPath) -> HTTPSAddress? {
        domain.isAddressLiteral ? nil : HTTPSAddress(host: domain.ascii, target: path.path(for: service))
    }
}
