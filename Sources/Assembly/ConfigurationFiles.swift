public import Configuration
internal import Glibc

/// The file system, as the configuration reads it.
public enum ConfigurationFiles {
    /// Reads files and expands patterns.
    public static let reader = FileReader(
        contents: { (path) throws(FileReader.Failure) in
            do throws(WholeFile.Failure) {
                return try WholeFile.read(path)
            } catch {
                throw FileReader.Failure(reason: error.reason)
            }
        },
        matches: { (pattern) throws(FileReader.Failure) in
            var found = glob_t()
            defer { globfree(&found) }
            switch glob(pattern, 0, nil, &found) {
            case 0: break
            case GLOB_NOMATCH: return []
            default: throw FileReader.Failure(reason: "the pattern cannot be followed")
            }
            return (0..<Int(found.gl_pathc)).compactMap { index in
                found.gl_pathv[index].map { String(cString: $0) }
            }
        })
}
