/// What a connection that closes after its output has left needs besides; most connections never do.
struct ClosingConnection {
    let timer: LoopTimer
    var completions: [() -> Void]
}
