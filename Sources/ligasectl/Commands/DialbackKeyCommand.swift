internal import ArgumentParser

/// `ligasectl dialback-key`; needs no daemon.
struct DialbackKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dialback-key",
        abstract: "Makes a secret for dialback_secret (no daemon needed).",
        discussion: "Every node that answers for the same domains needs the same one (XEP-0185).")

    @OptionGroup var options: CommonOptions

    /// As long as the digest that it keys, SHA-256.
    private static let octets = 32

    func run() {
        // On Linux the system's generator is getrandom(2).
        var generator = SystemRandomNumberGenerator()
        var secret = ""
        for _ in 0..<Self.octets {
            let digits = String(UInt8.random(in: .min ... .max, using: &generator), radix: 16)
            secret += digits.utf8.count == 1 ? "0" + digits : digits
        }
        Output.write(options.json ? "{\"dialback_secret\":\"\(secret)\"}\n" : secret + "\n")
    }
}
