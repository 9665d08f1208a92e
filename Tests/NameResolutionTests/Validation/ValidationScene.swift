import DNSMessages
import NameResolution

/// A validator between a tree of zones and a test that may falsify what is answered.
struct ValidationScene {
    typealias Fetched = Result<DNSResponse, LookupFailure>

    var validator: Validator
    let tree: SignedTree
    /// What a server makes of the honest answer to a fetch.
    var falsify: (DNSQuestion, DNSResponse) throws -> Fetched = { .success($1) }
    var time = ResolutionTime(elapsed: .zero, wallClock: SignedTree.now)
    private(set) var fetches: [DNSQuestion] = []
    private(set) var turns = 0
    private var identifier = 0

    init(_ tree: SignedTree, anchors: [TrustAnchor], limits: ValidationLimits = ValidationLimits()) {
        self.tree = tree
        validator = Validator(anchors: TrustAnchorSet(anchors), limits: limits)
    }

    /// The verdict on the answer of the tree, or on what a forger made of it.
    mutating func verdict(
        _ name: String, _ type: RecordType, forging forge: (DNSResponse) throws -> DNSResponse = { $0 }
    ) throws -> ValidationVerdict {
        let question = DNSQuestion(try DNSName(name), type)
        let response = try forge(tree.respond(question))
        return try verdict(on: Self.task(question, response))
    }

    mutating func status(
        _ name: String, _ type: RecordType, forging forge: (DNSResponse) throws -> DNSResponse = { $0 }
    ) throws -> SecurityStatus {
        try verdict(name, type, forging: forge).report.status
    }

    mutating func verdict(on task: ValidationTask) throws -> ValidationVerdict {
        identifier += 1
        var actions = validator.handle(.began(task, identifier: identifier), at: time)
        while !actions.isEmpty {
            switch actions.removeFirst() {
            case .fetch(let question):
                fetches.append(question)
                let response = try falsify(question, tree.respond(question))
                actions += validator.handle(.fetched(question, response), at: time)
            case .resumeLater:
                turns += 1
                actions += validator.handle(.resumed, at: time)
            case .concluded(_, let verdict):
                return verdict
            }
        }
        throw LookupFailure.cancelled
    }

    /// What a resolver claims after it has read a response.
    static func task(_ question: DNSQuestion, _ response: DNSResponse) -> ValidationTask {
        var positive: [ValidationTask.RecordSet] = []
        var name = question.name
        let find = { (name: DNSName, type: RecordType) in
            response.answers.filter { $0.owner == name && $0.type == type }
        }
        for _ in 0..<8 {
            let found = find(name, question.type)
            if !found.isEmpty {
                positive.append(.init(owner: name, type: question.type, records: found))
                return ValidationTask(
                    positive: positive, denial: nil, answers: response.answers, authorities: response.authorities)
            }
            guard let alias = find(name, .cname).first, case .cname(let target) = alias.data else { break }
            positive.append(.init(owner: name, type: .cname, records: find(name, .cname)))
            name = target
        }
        let denial: ValidationTask.Denial =
            response.code == .nameError ? .nameDoesNotExist(name) : .noRecords(DNSQuestion(name, question.type))
        return ValidationTask(
            positive: positive, denial: denial, answers: response.answers, authorities: response.authorities)
    }
}

extension DNSResponse {
    /// The same response with other records.
    func with(
        _ code: ResponseCode? = nil, answers: [DNSRecord]? = nil, authorities: [DNSRecord]? = nil
    ) -> DNSResponse {
        DNSResponse(
            to: DNSQuery(identifier: 1, question: question ?? DNSQuestion(.root, .soa)), code: code ?? self.code,
            answers: answers ?? self.answers, authorities: authorities ?? self.authorities)
    }

    /// The same response without what a test strips.
    func without(_ isStripped: (DNSRecord) -> Bool) -> DNSResponse {
        with(answers: answers.filter { !isStripped($0) }, authorities: authorities.filter { !isStripped($0) })
    }
}
