import Assembly
import Configuration
import XMPPModel

/// The listeners of a configuration, as text.
struct LoadedListen {
    let s2s: [String]
    let component: [String]

    init(file: String) throws {
        let listen = try LoadedConfiguration(file: file).configuration.listen
        s2s = listen.s2s.map(\.description)
        component = listen.component.map(\.description)
    }
}
