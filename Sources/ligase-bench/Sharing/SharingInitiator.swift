/// Who opens streams, and how its sender domains are proved.
enum SharingInitiator: String, CaseIterable {
    case ligaseExternal = "le"
    case ligaseDialback = "ld"
    case prosodyExternal = "pe"
    case prosodyDialback = "pd"

    var isProsody: Bool { self == .prosodyExternal || self == .prosodyDialback }

    /// Whether its certificate names nobody who counts, so that its domains' own servers are asked.
    var isDialledBack: Bool { self == .ligaseDialback || self == .prosodyDialback }

    var title: String { isProsody ? "Prosody" : "Ligase" }

    /// What is measured of it.
    var cases: [SharingCase] {
        switch self {
        case .ligaseExternal: [.freshStream, .furtherSender, .furtherTarget]
        case .ligaseDialback: [.freshStreamOfStranger, .freshStream, .furtherSender, .furtherTarget]
        case .prosodyExternal: [.freshStream, .furtherSender, .furtherTarget]
        case .prosodyDialback: [.freshStreamOfStranger, .freshStream, .furtherSender, .furtherTarget]
        }
    }
}

/// A way in which a fresh pair comes to be.
enum SharingCase: String {
    /// A sender that was seen before, and a target whose server has no stream yet.
    case freshStream
    /// The same for a sender that the receiving server has not seen.
    case freshStreamOfStranger
    /// A further sender domain to a target that has a stream.
    case furtherSender
    /// A further target domain at a server that has a stream.
    case furtherTarget

    func title(for initiator: SharingInitiator) -> String {
        let isKept = initiator.isDialledBack && self != .freshStreamOfStranger && self != .furtherSender
        let proof = !initiator.isDialledBack ? "certificate" : isKept ? "dialback over a kept connection" : "dialback"
        return switch self {
        case .freshStream, .freshStreamOfStranger: "fresh stream, \(proof)"
        case .furtherSender: "further sender, \(proof)"
        case .furtherTarget: "further target, \(proof)"
        }
    }
}

/// The names of everybody.
enum SharingNames {
    static let receivers = "receivers.example"
    static let senders = "senders.example"

    /// The sender and the target of a sample; the first of each case is to warm up.
    static func pair(_ number: Int, _ which: SharingCase, of initiator: SharingInitiator) -> (
        sender: String, target: String
    ) {
        switch which {
        case .freshStream: (sender("s0", initiator), target("d\(number)"))
        case .freshStreamOfStranger: (sender("f\(number)", initiator), target("f\(number)"))
        case .furtherSender: (sender("s\(number + 1)", initiator), target("d0"))
        case .furtherTarget: (sender("s0", initiator), target("e\(number)"))
        }
    }

    /// All sender domains of a server.
    static func senders(of initiator: SharingInitiator, samples: Int) -> [String] {
        (0...samples).map { sender("s\($0)", initiator) } + (0..<samples).map { sender("f\($0)", initiator) }
    }

    private static func sender(_ label: String, _ initiator: SharingInitiator) -> String {
        "\(label).\(initiator.rawValue).\(senders)"
    }

    static func target(_ label: String) -> String { "\(label).\(receivers)" }
}
