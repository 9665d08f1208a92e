internal import Glibc

/// What malloc has handed out in this process and not got back, over all arenas: what resident memory says without the
/// holes.
enum AllocatedMemory {
    private typealias Inform = @convention(c) (CInt, UnsafeMutablePointer<FILE>) -> CInt

    /// Octets; zero where the C library does not tell.
    static var octets: Int {
        // Glibc's module leaves it out.
        guard let symbol = dlsym(nil, "malloc_info") else { return 0 }
        let inform = unsafeBitCast(symbol, to: Inform.self)
        var text: UnsafeMutablePointer<CChar>?
        var size = 0
        guard let stream = open_memstream(&text, &size) else { return 0 }
        let isTold = inform(0, stream) == 0
        fclose(stream)
        defer { free(text) }
        guard isTold, let text else { return 0 }
        return read(String(cString: text))
    }

    /// The totals stand behind the arenas.
    private static func read(_ text: String) -> Int {
        var sizes: [Substring: Int] = [:]
        for line in text.split(separator: "\n").reversed() {
            if line.hasPrefix("</heap>") { break }
            let words = line.split(separator: "\"")
            guard let size = words.dropLast().last.flatMap({ Int($0) }), words.count > 2 else { continue }
            sizes[words[1]] = size
        }
        return (sizes["current"] ?? 0) + (sizes["mmap"] ?? 0) - (sizes["fast"] ?? 0) - (sizes["rest"] ?? 0)
    }
}
