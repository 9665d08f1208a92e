/// The decoded attributes of a stanza, copied out of the parser while it has them: one buffer, used again for each.
///
/// It is plain memory because the callbacks fill it for every stanza that is carried; whoever owns it frees it.
struct Envelope {
    /// A range of the buffer; nothing when `start` is negative.
    struct Slot {
        var start = -1
        var count = 0

        /// Whether the attribute was not there; an empty one was.
        var isAbsent: Bool { start < 0 }

        /// Where the value is; nil when the attribute was not there.
        var range: Range<Int>? { isAbsent ? nil : start..<start + count }
    }

    var from = Slot()
    var to = Slot()
    var id = Slot()
    var type = Slot()
    var language = Slot()
    private var bytes: UnsafeMutableRawPointer
    private var count = 0
    private var capacity = 512

    init() { bytes = .allocate(byteCount: capacity, alignment: 1) }

    func free() { bytes.deallocate() }

    mutating func removeAll() {
        from = Slot()
        to = Slot()
        id = Slot()
        type = Slot()
        language = Slot()
        count = 0
    }

    /// Copies a value and says where it is.
    mutating func store(_ value: UnsafeRawBufferPointer) -> Slot {
        if capacity - count < value.count {
            capacity = 2 * (count + value.count)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
            larger.copyMemory(from: bytes, byteCount: count)
            bytes.deallocate()
            bytes = larger
        }
        if let base = value.baseAddress { (bytes + count).copyMemory(from: base, byteCount: value.count) }
        defer { count += value.count }
        return Slot(start: count, count: value.count)
    }

    /// All values, one behind the other, until the next is stored.
    var values: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: count) }
}
