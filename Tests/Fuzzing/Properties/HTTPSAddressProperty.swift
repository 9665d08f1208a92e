internal import Prooftypes

/// URLs of POSH documents: what is read has one form, which reads the same, and a reference of a path alone stays at its
/// host. The first line is a URL, the second the `Location` of a redirection from there.
enum HTTPSAddressProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        let lines = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        let text = String(decoding: lines.first ?? [], as: UTF8.self)
        let location = lines.count > 1 ? String(decoding: lines[1], as: UTF8.self) : "/"
        if let address = HTTPSAddress(text) {
            try judge(address)
            try judge(address, redirectedTo: location)
        }
        guard let usual = HTTPSAddress("https://a.example:8443/.well-known/posh/xmpp-server.json?a=b") else {
            throw PropertyViolation("a plain URL is not read")
        }
        try judge(usual, redirectedTo: text)
    }

    private static func judge(_ address: HTTPSAddress, redirectedTo location: String) throws(PropertyViolation) {
        guard let target = address.resolving(location) else { return }
        try judge(target)
        let isPath = location.hasPrefix("/") && !location.hasPrefix("//") || location.hasPrefix("?")
        guard isPath else { return }
        try require(
            target.host == address.host && target.port == address.port, "\(location) leads from \(address) to \(target)"
        )
    }

    private static func judge(_ address: HTTPSAddress) throws(PropertyViolation) {
        let text = address.description
        try require(text.hasPrefix("https://"), "\(text) is not https")
        try require(text.utf8.allSatisfy { 0x21...0x7E ~= $0 }, "\(text) has a character that no URL has")
        try require(!address.host.isEmpty && address.port > 0, "\(text) leads nowhere")
        try require(!address.host.contains { "@/?#\\%[] ".contains($0) }, "\(address.host) is no host")
        try require(address.host == address.host.lowercased(), "\(address.host) has capitals")
        try require(address.target.hasPrefix("/") && !address.target.contains("#"), "\(address.target) is no path")
        // What is written out may be a slash longer than what was read, and then too long.
        guard text.utf8.count <= 2048 else { return }
        try require(HTTPSAddress(text) == address, "\(text) reads otherwise")
    }
}
