/// Ways to cut an input into the pieces in which it arrives.
///
/// The cuts follow from the input itself, so that the same bytes always arrive in the same pieces, and a corpus file
/// stays what its name says, without control bytes in front.
struct InputDivision {
    private var state: UInt64
    private let largest: Int

    /// Cuts into pieces of 1 to `largest` octets.
    init(of input: [UInt8], largest: Int) {
        // FNV-1a: every octet has a say.
        state = input.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        self.largest = max(1, largest)
    }

    /// The size of the next piece.
    mutating func next() -> Int {
        // xorshift64; a state of zero would stay zero.
        state = state == 0 ? 1 : state
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return 1 + Int(truncatingIfNeeded: (state >> 33) % UInt64(largest))
    }

    /// The pieces of `input`, in order.
    static func pieces(of input: [UInt8], largest: Int) -> [ArraySlice<UInt8>] {
        var division = InputDivision(of: input, largest: largest)
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < input.count {
            let end = min(start + division.next(), input.count)
            pieces.append(input[start..<end])
            start = end
        }
        return pieces
    }
}
