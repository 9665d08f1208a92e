internal import Administration
internal import ArgumentParser
internal import Assembly

/// `ligasectl posh CERT…` and `ligasectl posh --url URL`; need no daemon.
struct POSHCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "posh",
        abstract: "Prints the POSH document to publish (no daemon needed).",
        discussion:
            "Of a file with a chain the server's certificate counts. For a roll-over name the certificate in use "
            + "first and the next one after it. Where to publish it is said on standard error; the HTTP listener of "
            + "the daemon serves the same for its hosted domains.")

    @OptionGroup var options: CommonOptions

    @Argument(help: ArgumentHelp("Files with a certificate, PEM or DER, the most relevant first.", valueName: "cert"))
    var certificates: [String] = []

    @Option(help: ArgumentHelp("Send everyone to this https URL instead.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("For how long the document counts.", valueName: "seconds"))
    var expires: Int64 = 86_400

    @Option(help: ArgumentHelp("rfc7711, or draft: the JWK set of draft-miller-posh-02.", valueName: "format"))
    var format = DocumentToPublish.formats.first ?? ""

    func validate() throws {
        if certificates.isEmpty == (url == nil) {
            throw ValidationError("name the files of certificates, or a URL with --url, and not both")
        }
        guard (1...Self.longest).contains(expires) else {
            throw ValidationError("--expires takes 1 to \(Self.longest) seconds")
        }
        guard DocumentToPublish.formats.contains(format) else {
            throw ValidationError("“\(format)” is not a format; write rfc7711 or draft")
        }
    }

    /// A year: a fingerprint that cannot be taken back for longer helps nobody.
    private static let longest: Int64 = 31_536_000

    func run() throws {
        let content: DocumentToPublish.Content
        if let url {
            content = .reference(url: url)
        } else {
            content = .certificates(try Certificates.select(.endEntity, ofFiles: certificates))
        }
        do throws(DocumentToPublish.Refusal) {
            let document = try DocumentToPublish(content, format: format, expires: expires)
            if !options.json { Output.note(document.place) }
            // The document is JSON, and so the same with and without --json.
            Output.write(document.text)
        } catch {
            throw Output.exit(
                after: AdministrationFailure("\(error)", exitCode: url == nil ? .dataError : .usage))
        }
    }
}
