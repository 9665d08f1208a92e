import Synchronization

/// A source of chance that gives the same numbers for the same seed (SplitMix64).
final class RandomSource: Sendable {
    private let state: Mutex<UInt64>

    init(seed: UInt64) { state = Mutex(seed) }

    /// From 0 to below 1.
    func next() -> Double { Double(bits() >> 11) / Double(1 << 53) }

    /// From 0 to below `bound`.
    func next(below bound: Int) -> Int { Int(bits() % UInt64(bound)) }

    private func bits() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
