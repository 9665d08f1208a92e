/// A certification authority of the test's own.
///
/// The openssl program issues, not Ligase's code: what is tested must not make its own evidence.
public final class CertificateAuthority {
    private let directory: TemporaryDirectory
    private var issued = 0

    /// The authority's certificate, as PEM.
    public var certificate: String { directory.path(of: "authority.pem") }
    private var key: String { directory.path(of: "authority.key") }

    /// Makes an authority with a fresh key.
    public init(named name: String = "Test Authority") throws(HarnessFailure) {
        directory = try TemporaryDirectory(named: "authority")
        try directory.write(
            """
            [ca]
            default_ca = authority
            [authority]
            database = \(directory.path(of: "database"))
            new_certs_dir = \(directory.path)
            rand_serial = yes
            unique_subject = no
            default_md = sha256
            policy = policy
            [policy]
            commonName = optional
            """, to: "authority.conf")
        try directory.write("", to: "database")
        try Program.run(
            "openssl",
            Self.keyOptions + ["-keyout", key, "-out", certificate, "-x509", "-days", "30", "-subj", "/CN=\(name)"])
    }

    /// Issues a certificate for a fresh key.
    public func issue(_ request: CertificateRequest) throws(HarnessFailure) -> CertificateFiles {
        let files = nextFiles()
        let signingRequest = directory.path(of: "request-\(issued).pem")
        try Program.run(
            "openssl", Self.keyOptions + ["-keyout", files.privateKey, "-out", signingRequest, "-subj", "/CN=test"])
        let extensions = try directory.write(
            request.extensions.joined(separator: "\n"), to: "extensions-\(issued).conf")
        let dates = request.validity == .current ? ["20200101", "20491231"] : ["20200101", "20201231"]
        try Program.run(
            "openssl",
            [
                "ca", "-batch", "-notext", "-config", directory.path(of: "authority.conf"), "-cert", certificate,
                "-keyfile", key, "-in", signingRequest, "-out", files.certificate, "-extfile", extensions,
                "-startdate", dates[0] + "000000Z", "-enddate", dates[1] + "235959Z",
            ])
        return try combine(files)
    }

    /// Makes a certificate that its own key signed; kept with this authority's files, but not issued by it.
    public func makeSelfSigned(_ request: CertificateRequest) throws(HarnessFailure) -> CertificateFiles {
        let files = nextFiles()
        try Program.run(
            "openssl",
            Self.keyOptions + [
                "-x509", "-keyout", files.privateKey, "-out", files.certificate, "-subj", "/CN=test", "-days", "30",
            ] + request.extensions.flatMap { ["-addext", $0] })
        return try combine(files)
    }

    private static let keyOptions = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]

    private func nextFiles() -> CertificateFiles {
        issued += 1
        return CertificateFiles(
            certificate: directory.path(of: "certificate-\(issued).pem"),
            privateKey: directory.path(of: "key-\(issued).pem"),
            combined: directory.path(of: "combined-\(issued).pem"))
    }

    private func combine(_ files: CertificateFiles) throws(HarnessFailure) -> CertificateFiles {
        let text = contents(ofFile: files.certificate) + contents(ofFile: files.privateKey)
        try directory.write(text, to: "combined-\(issued).pem")
        return files
    }
}

extension CertificateRequest {
    /// The extensions, each as a line of an openssl configuration.
    fileprivate var extensions: [String] {
        [
            "subjectAltName = " + names.map { "DNS:\($0)" }.joined(separator: ", "),
            "extendedKeyUsage = " + usages.map(\.rawValue).joined(separator: ", "),
            "basicConstraints = critical, CA:FALSE",
            "keyUsage = critical, digitalSignature",
        ]
    }
}
