internal import ArgumentParser

/// The servers that can be measured.
enum ServerKind: String, CaseIterable, ExpressibleByArgument {
    case ligase, prosody, ejabberd

    /// The name as its makers write it.
    var title: String {
        switch self {
        case .ligase: "Ligase"
        case .prosody: "Prosody"
        case .ejabberd: "ejabberd"
        }
    }
}
