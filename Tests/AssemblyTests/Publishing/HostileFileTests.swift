import Assembly
import Glibc
import TestSupport
import Testing

/// Files that are named where certificates belong, by mistake or on purpose.
@Suite("files that hold no certificate")
struct HostileFileTests {
    private static func failure(_ path: String) -> CertificateFile.Failure? {
        do throws(CertificateFile.Failure) {
            _ = try CertificateFile.read(path)
            return nil
        } catch {
            return error
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `PO-23: what is no file is refused at once, and what has no end is read to a limit`() async throws {
        try await script {
            let directory = try TemporaryDirectory()
            let pipe = directory.path(of: "pipe")
            #expect(mkfifo(pipe, 0o600) == 0)
            try directory.write("", to: "empty")
            for path in [pipe, directory.path(of: "empty")] {
                guard case .noCertificate? = Self.failure(path) else {
                    Issue.record("\(path): \(String(describing: Self.failure(path)))")
                    continue
                }
            }
            for path in [directory.path, directory.path(of: "missing"), "/dev/zero"] {
                guard case .unreadable? = Self.failure(path) else {
                    Issue.record("\(path): \(String(describing: Self.failure(path)))")
                    continue
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `what another program writes into a pipe is read to its end`() async throws {
        try await script {
            let directory = try TemporaryDirectory()
            let pipe = directory.path(of: "pipe")
            #expect(mkfifo(pipe, 0o600) == 0)
            // Opened for both, so that nobody waits for the other.
            let both = open(pipe, O_RDWR | O_CLOEXEC)
            let text = Array("no certificate".utf8)
            #expect(write(both, text, text.count) == text.count)
            let reader = open(pipe, O_RDONLY | O_CLOEXEC)
            close(both)
            let content = try? WholeFile.read("/dev/fd/\(reader)")
            close(reader)
            #expect(content == text)
        }
    }

    @Test(arguments: [
        "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
        "-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n", "0\u{82}", "0\u{82}\u{ff}\u{ff}", "\u{0}",
        "\u{FEFF}",
        String(repeating: "-----BEGIN CERTIFICATE-----\n", count: 1000),
    ])
    func `PO-23: what is no certificate is told as that`(text: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(text, to: "file")
        guard case .noCertificate? = Self.failure(directory.path(of: "file")) else {
            Issue.record("\(String(describing: Self.failure(directory.path(of: "file"))))")
            return
        }
    }
}
