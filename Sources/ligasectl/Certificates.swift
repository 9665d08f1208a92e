internal import Administration
internal import Assembly
internal import Glibc
internal import XMPPModel

/// The certificates of files that are named on the command line.
enum Certificates {
    /// One for each file; warnings are printed.
    ///
    /// - Throws: What ends the program when a file has none.
    static func select(_ part: CertificateSelection.Part, ofFiles paths: [String]) throws -> [PeerCertificate] {
        do throws(CertificateFile.Failure) {
            let selection = try CertificateSelection(part, ofFiles: paths, now: Int64(time(nil)))
            for warning in selection.warnings { Output.warn(warning) }
            return selection.certificates
        } catch {
            let code: ExitStatus =
                switch error {
                case .unreadable: .noInput
                case .noCertificate, .noAuthority: .dataError
                }
            throw Output.exit(after: AdministrationFailure("\(error)", exitCode: code))
        }
    }
}
