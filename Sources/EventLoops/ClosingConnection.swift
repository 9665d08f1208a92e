/// What a connection that closes after its output has left needs besides; most connections never do.
struct ClosingConnection {
    /// How much is read and thrown away for a peer that goes on sending; who sends more is not listening.
    static let discardLimit = 4 * 1024 * 1024

    let timer: LoopTimer
    var completions: [() -> Void]
    /// Octets thrown away so far.
    var discarded = 0
}
