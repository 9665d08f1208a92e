/// What was passed over in a document, and why, for whoever runs the domain.
///
/// Only the first of it: others write the document, thousands of useless entries fit into it, and what is said of it goes
/// into logs and proofs and is kept for as long as the document counts (PO-22).
struct DocumentRemarks {
    private var texts: [String] = []
    /// The first of those that must not go under.
    private(set) var warning: String?
    private var omitted = 0

    /// Remarks that are told; how many there were besides is told, too.
    static let most = 8

    /// Adds one.
    mutating func append(_ text: String) {
        if texts.count < Self.most { texts.append(text) } else { omitted += 1 }
    }

    /// Adds one that must not go under, wherever it stands: the first is told in any case.
    mutating func warn(_ text: String) {
        if warning == nil { warning = text } else { append(text) }
    }

    /// All that is told.
    var told: [String] {
        [warning].compactMap(\.self) + texts + (omitted > 0 ? ["and \(omitted) more of the kind"] : [])
    }
}

extension StringProtocol {
    /// The beginning of what others wrote, for a message. Counted in code points: a single character may be as long as
    /// the text.
    func beginning(_ most: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(most)))
    }
}
