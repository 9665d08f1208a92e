public import XMPPModel

/// A domain that a test writes out and knows to be one.
public func domain(_ text: StaticString) -> DomainName {
    do throws(AddressError) {
        return try DomainName("\(text)")
    } catch {
        preconditionFailure("the test's own domain \(text): \(error)")
    }
}

/// The pair that a test writes out: from the first to the second.
public func pair(_ sender: StaticString, _ target: StaticString) -> DomainPair {
    DomainPair(sender: domain(sender), target: domain(target))
}
