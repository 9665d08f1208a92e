import Routing
import XMPPModel

/// A domain that has moved: whoever writes to it is told where it is now.
struct MovedBackend: Backend {
    static let name = "moved"
    let destination: DomainName

    mutating func handle(_ event: BackendEvent) -> [BackendAction] {
        switch event {
        case .stanzasRouted(let stanzas):
            let text = "this domain has moved to \(destination)"
            // `returned` answers nothing to which no error may be the answer, so two of these stay silent together.
            let errors = stanzas.compactMap { $0.returned(with: StanzaError(.gone, .cancel, text)) }
            return errors.isEmpty ? [] : [.submit(errors)]
        case .connected, .headerReceived, .elementReceived, .stanzasReceived, .closedByPeer, .failed, .deadlinePassed,
            .closeRequested:
            // These concern connections, of which there is none.
            return []
        }
    }
}
