import Glibc
import TestSupport
import Testing

/// The scenarios beside this file.
enum ScenarioFolder {
    /// Every scenario, or the fault of one that cannot be read.
    static let scenarios: [Result<Scenario, ScenarioFault>] = files.map { path in
        Result { () throws(ScenarioFault) in try Scenario(path: path, text: contents(ofFile: path)) }
    }

    private static let folder: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast().joined(separator: "/") + "/Scenarios"
    }()

    private static let files: [String] = {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".scenario") { names.append(name) }
        }
        return names.sorted().map { folder + "/" + $0 }
    }()
}

extension Result where Failure == ScenarioFault {
    fileprivate init(_ make: () throws(ScenarioFault) -> Success) {
        do throws(ScenarioFault) { self = .success(try make()) } catch { self = .failure(error) }
    }
}
