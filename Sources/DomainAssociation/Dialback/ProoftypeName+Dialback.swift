extension ProoftypeName {
    /// Dialback alone vouches for the domain: no prooftype does (XEP-0220).
    public static let dialback: ProoftypeName = "dialback"
    /// Nothing but DNS and encryption speaks for a domain that we dialled.
    public static let none: ProoftypeName = "none"
}
