/// Something that lives on a loop and is carried about by others, who touch it there only.
struct Confined<Value>: @unchecked Sendable {
    // Every use stands inside `EventLoop.run`, which is what keeps it on its loop.
    let value: Value

    init(_ value: Value) { self.value = value }
}
