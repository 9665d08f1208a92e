import Assembly
import Configuration
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

@testable import Federation

/// What a reload has to look at.
@Suite("what differs between two deployments")
struct DeploymentChangeTests {
    /// Where the files of one test are, which have to be the same.
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory(named: "change") }

    private func deployment(_ text: String) throws -> Deployment {
        let certificate = try Network.selfSigned("a.example")
        try directory.write(String(decoding: certificate.chainPEM, as: UTF8.self), to: "own.pem")
        try directory.write(String(decoding: certificate.privateKeyPEM, as: UTF8.self), to: "own.key")
        let file = try directory.write(
            "state_directory = \"state\"\n" + text
                + "[tls]\ncertificate = \"own.pem\"\nprivate_key = \"own.key\"\ntrust_anchors = \"own.pem\"\n"
                + "[[domain]]\nname = \"a.example\"\nsecret = \"s\"\n", to: "ligase.toml")
        return try LoadedConfiguration(file: file).deployment
    }

    private static let policy = "[[remote]]\nname = \"b.example\"\n"
    private static let off = "[dns]\nvalidation = \"off\"\n"

    /// Two texts, and whether streams need not be looked at.
    static let changes: [(before: String, after: String, leavesStreams: Bool)] = [
        (off, off, true), (off, off + "[[domain]]\nname = \"d.example\"\nbackend = \"builtin\"\n", true),
        (off + "[[domain]]\nname = \"d.example\"\nbackend = \"builtin\"\n", off, false),
        (off, off + policy + "allow = false\n", false), (off + policy, off + "\n\n" + policy, true),
        (off + policy + "prooftypes = [\"pkix\"]\n", off + policy, false),
        (off, off + "[federation]\nlevel = \"encrypted\"\n", false),
        (off, off + "[federation]\ndane_usages = [3]\n", false), (off, off + "[log]\nlevel = \"debug\"\n", true),
        (off + "servers = [\"192.0.2.1\"]\n", off + "servers = [\"192.0.2.2\"]\n", false),
    ]

    @Test(arguments: changes)
    func `PT-05: streams are looked at where a domain went or a policy may differ, and not otherwise`(
        before: String, after: String, leavesStreams: Bool
    ) throws {
        let former = try deployment(before)
        let present = try deployment(after)
        #expect(DeploymentChange(from: former, to: present).leavesStreams == leavesStreams)
        let back = DeploymentChange(from: present, to: former)
        #expect(back.added == DeploymentChange(from: former, to: present).removed)
    }

    @Test func `what stands behind a domain is replaced with its secret, and its other settings with it`() throws {
        func text(_ secret: String, _ contact: String = "") -> String {
            Self.off + "[[domain]]\nname = \"d.example\"\nsecret = \"\(secret)\"\n\(contact)"
        }
        let former = try deployment(text("one"))
        let same = DeploymentChange(from: former, to: try deployment("\n" + text("one")))
        #expect(same.changed.isEmpty && same.replacedServices.isEmpty && same.removed.isEmpty)
        let other = DeploymentChange(from: former, to: try deployment(text("two")))
        let name = try DomainName("d.example")
        #expect(other.changed == [name] && other.replacedServices == [name] && other.leavesStreams)
        let gone = DeploymentChange(from: former, to: try deployment(Self.off))
        #expect(gone.removed == [name] && gone.replacedServices == [name])
    }
}
