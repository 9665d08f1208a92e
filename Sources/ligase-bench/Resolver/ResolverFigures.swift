/// What one phase cost a resolver.
struct ResolverFigures {
    var phase: ResolverPhase
    var lookups: Int
    /// Of the resolver's process, seconds.
    var processor: Double
    /// Seconds.
    var wall: Double
    /// Resident memory that the process gained, bytes.
    var memory: Int

    /// As the subject prints it.
    var line: String { "\(phase.rawValue) \(lookups) \(processor) \(wall) \(memory)" }

    init(phase: ResolverPhase, lookups: Int, processor: Double, wall: Double, memory: Int) {
        self.phase = phase
        self.lookups = lookups
        self.processor = processor
        self.wall = wall
        self.memory = memory
    }

    /// Reads ``line``; nil for any other.
    init?(_ line: Substring) {
        let words = line.split(separator: " ")
        guard words.count == 5, let phase = ResolverPhase(rawValue: String(words[0])), let lookups = Int(words[1]),
            let processor = Double(words[2]), let wall = Double(words[3]), let memory = Int(words[4])
        else { return nil }
        self.init(phase: phase, lookups: lookups, processor: processor, wall: wall, memory: memory)
    }
}
