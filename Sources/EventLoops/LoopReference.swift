/// A reference that may travel, to something that may not: it opens on its own loop only.
///
/// Unchecked because the compiler cannot see what all of it guarantees: the value is touched on ``loop`` and nowhere else,
/// from its making on.
public final class LoopReference<Value>: @unchecked Sendable {
    /// The loop that the value lives on.
    public let loop: EventLoop
    private let value: Value

    /// Must be called on the loop.
    public init(_ value: Value, on loop: EventLoop) {
        loop.preconditionOnLoop()
        self.value = value
        self.loop = loop
    }

    /// Runs `body` with the value on its loop, after what was posted before; dropped once the loop has stopped.
    public func post(_ body: @escaping @Sendable (Value) -> Void) {
        loop.execute { body(self.value) }
    }

    /// Runs `body` with the value on its loop and waits for it, as ``EventLoop/run(_:)``.
    public func run<Result: Sendable, Failure: Error>(
        _ body: (Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try loop.run { () throws(Failure) in try body(value) }
    }

    /// The answer of the value, from outside any loop. It never comes once the loop has stopped.
    public func ask<Answer: Sendable>(_ body: @escaping @Sendable (Value) -> Answer) async -> Answer {
        await withCheckedContinuation { continuation in post { continuation.resume(returning: body($0)) } }
    }
}

/// As ``LoopReference``, to an object that it does not keep: the way back for an answer to somebody who may have gone.
public final class WeakLoopReference<Object: AnyObject>: @unchecked Sendable {
    private let loop: EventLoop
    private weak var object: Object?

    /// Must be called on the loop.
    public init(_ object: Object, on loop: EventLoop) {
        loop.preconditionOnLoop()
        self.object = object
        self.loop = loop
    }

    /// Runs `body` with the object on its loop, if both are still there.
    public func post(_ body: @escaping @Sendable (Object) -> Void) {
        loop.execute { if let object = self.object { body(object) } }
    }
}
