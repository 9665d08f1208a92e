public import Routing

/// Every kind of backend, written out by hand: a new one is one line here.
///
/// `server`, a whole XMPP server behind us that is dialled over S2S, is a stream and not a backend of this form.
public enum AllBackends {
    /// The kinds, by their names the values of `backend` in the configuration.
    public static let kinds: [any Backend.Type] = [
        ComponentBackend.self,
        BuiltinBackend.self,
    ]

    /// The kind with this name, or nil.
    public static func kind(named name: String) -> (any Backend.Type)? { kinds.first { $0.name == name } }
}
