/// Where sessions put what they decrypt: one for each loop, not one for each session.
///
/// It grows to the largest read that it served plus one record, and stays there.
public final class PlaintextBuffer {
    private var storage: UnsafeMutableRawBufferPointer
    private var count = 0
    /// Whether someone is reading the bytes right now, so that no other session may overwrite them.
    private(set) var isInUse = false

    /// An empty buffer; memory is taken at the first use.
    public init() {
        storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    deinit {
        storage.deallocate()
    }

    /// Forgets the bytes and makes room for at least `capacity`.
    func prepare(capacity: Int) {
        count = 0
        guard storage.count < capacity else { return }
        storage.deallocate()
        storage = .allocate(byteCount: capacity, alignment: 16)
    }

    /// The part that is free.
    var free: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: storage[count...])
    }

    /// Counts `written` more bytes, which were placed at the start of ``free``.
    func advance(by written: Int) {
        count += written
    }

    var isEmpty: Bool { count == 0 }

    /// Lends the bytes to `body`, and keeps other sessions away meanwhile.
    func read(_ body: (UnsafeRawBufferPointer) -> Void) {
        isInUse = true
        defer { isInUse = false }
        body(UnsafeRawBufferPointer(rebasing: storage[..<count]))
    }
}
