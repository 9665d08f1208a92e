import TestSupport

@testable import Federation

extension Node {
    /// What its loops share, which nobody outside sees.
    var shared: FederationShared? {
        let service = service
        return wait { await service.shared }
    }
}
