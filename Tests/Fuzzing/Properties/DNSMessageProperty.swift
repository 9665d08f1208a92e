internal import DNSMessages

/// DNS messages: what is read and written again reads the same.
enum DNSMessageProperty {
    static func check(_ input: [UInt8]) throws(PropertyViolation) {
        if let response = try? DNSResponse(decoding: input) { try checkResponse(response) }
        if let query = try? DNSQuery(decoding: input) { try checkQuery(query) }
    }

    private static func checkResponse(_ response: DNSResponse) throws(PropertyViolation) {
        for record in response.answers + response.authorities + response.additionals {
            try checkName(record.owner)
            _ = record.wire
            _ = "\(record)"
            let text = record.presentation
            try require(text.utf8.allSatisfy { 0x20...0x7E ~= $0 }, "\(text) is not printable")
        }
        if let question = response.question { try checkName(question.name) }
        guard let octets = try? response.encode() else { return }
        guard let again = try? DNSResponse(decoding: octets) else {
            throw PropertyViolation("what was written is not read: \(response)")
        }
        try require(
            again.identifier == response.identifier && again.question == response.question
                && again.answers == response.answers && again.authorities == response.authorities
                && again.additionals == response.additionals && again.cookie == response.cookie
                && again.extendedErrors == response.extendedErrors && again.code == response.code,
            "written: \(response), read: \(again)")
    }

    private static func checkQuery(_ query: DNSQuery) throws(PropertyViolation) {
        try checkName(query.question.name)
        guard let octets = try? query.encode() else { return }
        guard let again = try? DNSQuery(decoding: octets) else {
            throw PropertyViolation("what was written is not read: \(query)")
        }
        try require(again == query, "\(query), \(again)")
    }

    private static func checkName(_ name: DNSName) throws(PropertyViolation) {
        let text = name.description
        try require((try? DNSName(text)) == name, "\(text) is another name than its own description")
        try require((try? DNSName(wire: name.wire)) == name, "\(text) is another name than its own octets")
        try require(name.isAtOrBelow(.root), "\(text) is not below the root")
    }
}
