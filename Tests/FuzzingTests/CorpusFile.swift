internal import FuzzingProperties
internal import Glibc
internal import Testing

/// One input of `Tests/Fuzzing/Corpus`: hand-written, or what a fuzzer found.
struct CorpusFile: Sendable, CustomTestStringConvertible {
    let parser: FuzzedParser
    let name: String
    let bytes: [UInt8]

    var testDescription: String { "\(parser.rawValue)/\(name)" }

    /// Every file, in the order of the names.
    static let all: [CorpusFile] = FuzzedParser.allCases.flatMap { parser in
        let folder = "\(corpus)/\(parser.rawValue)"
        return names(in: folder).map { name in
            CorpusFile(parser: parser, name: name, bytes: contents(of: "\(folder)/\(name)"))
        }
    }

    private static let corpus =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        + "/Fuzzing/Corpus"

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { octets in
                String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static func contents(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }
}
