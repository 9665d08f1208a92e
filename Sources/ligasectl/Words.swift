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
}
