/// How many questions of one kind of work may still be asked: what somebody claims must not keep us busy (DO-06).
public struct LookupBudget: Hashable, Sendable {
    /// Questions left.
    public private(set) var left: Int

    /// What the services of one domain may cost: two names, and where there are no records the addresses of the domain itself.
    public static let forServices = 2 + 2

    /// What one claim may cost: two service names, and for eight endpoints two families and two names for TLSA each.
    public static let forClaim = 2 + 8 * (2 + TLSASearch.maximumQuestions)

    /// Makes a budget.
    public init(_ questions: Int = Self.forClaim) {
        left = questions
    }

    /// Takes questions from it.
    ///
    /// - Returns: false, and it takes none, when there are not so many left.
    public mutating func take(_ questions: Int = 1) -> Bool {
        guard questions <= left else { return false }
        left -= questions
        return true
    }
}
