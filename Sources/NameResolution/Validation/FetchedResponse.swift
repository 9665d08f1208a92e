internal import DNSMessages

/// What came of a fetch, ready to be looked into.
enum FetchedResponse: Sendable {
    /// A server answered, with or without records.
    case answered(answers: MessageSection, authorities: MessageSection)
    /// Nobody answered; why.
    case failed(String)

    init(_ result: Result<DNSResponse, LookupFailure>) {
        switch result {
        case .success(let response) where response.isTruncated:
            self = .failed("the answer did not fit")
        case .success(let response) where response.code == .noError || response.code == .nameError:
            self = .answered(
                answers: MessageSection(response.answers), authorities: MessageSection(response.authorities))
        case .success(let response):
            self = .failed(LookupFailure.serverAnswered(response.code).description)
        case .failure(let failure):
            self = .failed(failure.description)
        }
    }
}
