internal import EventLoops

/// A reference that may travel, to something that may not: it opens on its own loop only.
///
/// Unchecked because the compiler cannot see what ``post(_:)`` guarantees: `object` is touched on `loop` and nowhere
/// else, from its making on.
final class LoopReference<Object: AnyObject>: @unchecked Sendable {
    /// The loop that the object lives on.
    let loop: EventLoop
    private var object: Object?

    /// Must be called on the loop.
    init(_ object: Object, on loop: EventLoop) {
        loop.preconditionOnLoop()
        self.object = object
        self.loop = loop
    }

    /// Runs `body` with the object on its loop, after what was posted before.
    func post(_ body: @escaping @Sendable (Object) -> Void) {
        loop.execute {
            guard let object = self.object else { return }
            body(object)
        }
    }

    /// The answer of the object, from outside any loop; nil once the loop has stopped.
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (Object) -> Answer) async -> Answer? {
        await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: self.object.map(body)) }
        }
    }
}
