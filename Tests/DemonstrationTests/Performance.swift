import Synchronization

@testable import Demonstration

/// One demonstration in this process, and all that it wrote.
struct Performance {
    let result: DemonstrationResult
    let text: String

    /// Plays it in a folder of its own, which is empty afterwards.
    static func of(
        _ programme: Programme = .standard, asJSON: Bool = false, patience: Int = 20
    ) async throws -> Performance {
        let folder = try EmptyFolder()
        defer { folder.remove() }
        let (result, text) = try await perform(programme, in: folder, asJSON: asJSON, patience: patience)
        return Performance(result: result, text: text)
    }

    static func perform(
        _ programme: Programme, in folder: EmptyFolder, asJSON: Bool = false, patience: Int = 20
    ) async throws -> (DemonstrationResult, String) {
        var options = DemonstrationRun.Options()
        options.temporaryFolder = folder.path
        options.asJSON = asJSON
        options.patience = patience
        let collected = Collected()
        let end = try await DemonstrationRun(programme, options: options) { collected.append($0) }.perform()
        guard case .finished(let result) = end else { throw Interrupted() }
        return (result, collected.text)
    }

    private struct Interrupted: Error {}

    /// What a run has written.
    private final class Collected: Sendable {
        private let content = Mutex("")
        var text: String { content.withLock { $0 } }
        func append(_ text: String) { content.withLock { $0 += text } }
    }
}
