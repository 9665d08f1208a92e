internal import Administration
internal import ArgumentParser
internal import XMPPModel

/// Turns words of the command line into values, with an error that names the word.
enum Words {
    static func domain(_ text: String) throws -> DomainName {
        do throws(AddressError) {
            return try DomainName(text)
        } catch {
            throw ValidationError("“\(text)” is not a domain: \(error)")
        }
    }

    static func moment(_ text: String) throws -> Timestamp {
        guard let moment = Timestamp(rfc3339: text) else {
            throw ValidationError("“\(text)” is not a time of RFC 3339; write 2026-07-29T10:00:00Z")
        }
        return moment
    }
}
