internal import Administration
internal import DNSMessages
internal import NameResolution

extension LookupReport {
    /// What an answer says, for an operator.
    ///
    /// - Parameter undeclaredZone: The internal zone that it comes from, if nothing says whether it is signed.
    init(of answer: Answer, undeclaredZone: DNSName? = nil) {
        let words = AnswerWords(answer, undeclaredZone: undeclaredZone)
        self.init(
            name: answer.question.name.description, type: answer.question.type.description,
            status: Self.status(of: answer), reason: words.reason)
        fix = words.fix(of: answer.canonicalName)
        rcode = Self.code(of: answer)
        records = answer.records.map(\.presentation)
        server = answer.source?.server
        transport = answer.source?.transport.rawValue
        authenticated = answer.source?.isAuthenticated
        chain = (answer.report?.chain ?? []).map {
            Link(zone: $0.zone.description, status: $0.status.reported, detail: $0.detail)
        }
    }

    private static func status(of answer: Answer) -> Status {
        switch answer.failure {
        case .bogus: .bogus
        case .some where answer.security != .bogus: .indeterminate
        default: answer.security.reported
        }
    }

    /// What a resolver would say to its client: an answer that is not to be used is a failure (RFC 4035 §5.5).
    private static func code(of answer: Answer) -> String? {
        switch answer.content {
        case .records, .noRecords: ResponseCode.noError.description
        case .nameDoesNotExist: ResponseCode.nameError.description
        case .failed(.serverAnswered(let code)): code.description
        case .failed(.bogus), .failed(.unproven): ResponseCode.serverFailure.description
        case .failed: nil
        }
    }
}
