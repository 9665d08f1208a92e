import Glibc

/// A pipe that stands in for standard error.
struct Pipe {
    let writing: Int32
    /// Reads from the start, so that whoever fills the pipe need not wait for the end of the test.
    let reader: PipeReader

    /// - Parameter isRead: Whether the reader begins at once.
    init(isRead: Bool = true) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw PipeFailure(code: errno) }
        writing = ends[1]
        reader = PipeReader(descriptor: ends[0])
        if isRead { reader.start() }
    }

    /// Everything that was written; closes both ends.
    func finish() -> String {
        close(writing)
        return reader.wait()
    }
}

struct PipeFailure: Error {
    let code: Int32
}
