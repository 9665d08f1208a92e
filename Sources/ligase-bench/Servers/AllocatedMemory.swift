internal import CMalloc

/// What malloc has handed out in this process and not got back, over all arenas: what resident memory says without the
/// holes.
enum AllocatedMemory {
    /// Octets.
    static var octets: Int {
        let memory = mallinfo2()
        return memory.uordblks + memory.hblkhd
    }
}
