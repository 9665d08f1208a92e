internal import DNSMessages

/// The text that keeps a ``RolloverState``: a line for each thing, for people to read as well.
enum RolloverText {
    private static let heading = "ligase-trust-anchor 1"
    private static let ending = "end\n"
    private static let maximumOctets = 262_144

    static func write(_ state: RolloverState) -> String {
        var lines = [heading, "zone \(state.configured.zone)"]
        lines += configuration(of: state.configured)
        if let checked = state.checked { lines.append("checked \(checked) again-after \(state.interval)") }
        for tracked in state.keys {
            let vouchers = tracked.vouchers.compactMap { state.index(of: $0) }.map { String($0 + 1) }
            let by = vouchers.isEmpty ? "-" : vouchers.joined(separator: ",")
            lines.append(
                "\(tracked.state.rawValue) since \(tracked.since) wait \(tracked.holdDown) vouched-by \(by) "
                    + text(of: tracked.key))
        }
        return lines.joined(separator: "\n") + "\n" + ending
    }

    static func read(_ text: String, configured: TrustAnchor) throws(SavedStateFailure) -> RolloverState {
        guard text.utf8.count <= maximumOctets else { throw .malformed(line: 1) }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // Without its last line the text was cut short, and a key that is not mentioned would be a new one.
        guard text.hasSuffix(ending) else { throw .malformed(line: lines.count) }
        lines.removeLast(2)
        guard lines.first.map(String.init) == heading else { throw .malformed(line: 1) }
        guard lines.count > 1, lines[1] == "zone \(configured.zone)" else { throw .malformed(line: 2) }
        var position = 2
        let isConfiguration = { (line: Substring) in line.hasPrefix("configured-") }
        let former = lines[position...].prefix(while: isConfiguration).map(String.init)
        guard former == configuration(of: configured) else { throw .configurationChanged }
        position += former.count
        guard position < lines.count, let (checked, interval) = timing(lines[position]) else {
            throw .malformed(line: position + 1)
        }
        position += 1
        var entries: [Entry] = []
        for (index, line) in lines.enumerated().dropFirst(position) {
            guard let entry = Entry(line, zone: configured.zone), entries.count < RolloverState.maximumKeys else {
                throw .malformed(line: index + 1)
            }
            entries.append(entry)
        }
        var keys: [TrackedKey] = []
        for (index, entry) in entries.enumerated() {
            guard let key = entry.tracked(among: entries) else { throw .malformed(line: position + index + 1) }
            keys.append(key)
        }
        return RolloverState(configured: configured, keys: keys, checked: checked, interval: interval)
    }

    /// A line for each configured key, by which a change of the configuration is found.
    private static func configuration(of anchor: TrustAnchor) -> [String] {
        let signers = anchor.signers.map { signer in
            "configured-ds \(signer.keyTag) \(signer.algorithm.rawValue) \(signer.digestType) "
                + hexadecimal(signer.digest)
        }
        return (signers + anchor.keys.map { "configured-key " + text(of: $0) }).sorted()
    }

    private static func timing(_ line: Substring) -> (checked: Int64, interval: Int64)? {
        let words = line.split(separator: " ")
        guard words.count == 4, words[0] == "checked", words[2] == "again-after", let checked = Int64(words[1]),
            let interval = Int64(words[3]), Entry.moments ~= checked,
            0...TrustAnchorRollover.longestInterval ~= interval
        else { return nil }
        return (checked, interval)
    }

    private static func text(of key: ZoneKey) -> String {
        "key \(key.flags) \(key.algorithm.rawValue) \(hexadecimal(key.publicKey))"
    }

    private static func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A line about a key.
    private struct Entry {
        let key: ZoneKey
        let state: TrackedKey.State
        let since: Int64
        let wait: Int64
        let vouchers: [Int]

        /// Enough for any clock, and sums of a few cannot overflow.
        static let moments: ClosedRange<Int64> = 0...(1 << 40)

        init?(_ line: Substring, zone: DNSName) {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 11, let state = TrackedKey.State(rawValue: String(words[0])),
                words[1] == "since", words[3] == "wait", words[5] == "vouched-by", words[7] == "key",
                let since = Int64(words[2]), let wait = Int64(words[4]), Self.moments ~= since, Self.moments ~= wait,
                let flags = UInt16(words[8]), let algorithm = UInt8(words[9]), let octets = Self.octets(words[10])
            else { return nil }
            self.state = state
            self.since = since
            self.wait = wait
            let numbers = words[6] == "-" ? [] : words[6].split(separator: ",", omittingEmptySubsequences: false)
            vouchers = numbers.compactMap { Int($0) }
            guard vouchers.count == numbers.count else { return nil }
            key = ZoneKey(
                owner: zone, flags: flags, algorithm: SigningAlgorithm(rawValue: algorithm), publicKey: octets)
            guard key.isUsable else { return nil }
        }

        func tracked(among entries: [Entry]) -> TrackedKey? {
            guard vouchers.allSatisfy({ 1...entries.count ~= $0 }) else { return nil }
            // A pending key that nobody vouches for would never be given up.
            guard state != .addPending || !vouchers.isEmpty else { return nil }
            return TrackedKey(
                key, state: state, since: since, holdDown: wait, vouchers: vouchers.map { entries[$0 - 1].key })
        }

        private static func octets(_ text: Substring) -> [UInt8]? {
            let digits = Array(text.utf8)
            guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return nil }
            var octets: [UInt8] = []
            for position in stride(from: 0, to: digits.count, by: 2) {
                guard let high = value(digits[position]), let low = value(digits[position + 1]) else { return nil }
                octets.append(high << 4 | low)
            }
            return octets
        }

        private static func value(_ digit: UInt8) -> UInt8? {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
    }
}
