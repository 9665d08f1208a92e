internal import Administration
internal import ArgumentParser
internal import Assembly
internal import XMPPModel

/// `ligasectl tlsa CERT NAME`; needs no daemon.
struct TLSACommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tlsa",
        abstract: "Prints the TLSA record to publish (no daemon needed).",
        usage: "ligasectl tlsa <cert> ... [--usage <0-3>] [--selector <0-1>] [--matching <0-2>] [--port <port>] <name>",
        discussion: "NAME is the target of the SRV records. Of a file with a chain the server's certificate counts for "
            + "usages 1 and 3, the authority's for 0 and 2. For a roll-over name the next certificate as well, publish "
            + "both, and wait for the time to live before it is put in force (RFC 7671 §8.1).")

    @OptionGroup var options: CommonOptions

    @Argument(
        help: ArgumentHelp(
            "Files with a certificate, PEM or DER, and last the host that the records are for.",
            valueName: "cert ... name"))
    var words: [String]

    @Option(help: ArgumentHelp("0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE.", valueName: "usage"))
    var usage: UInt8 = 3

    @Option(help: ArgumentHelp("0 the whole certificate, 1 its public key.", valueName: "selector"))
    var selector: UInt8 = 1

    @Option(help: ArgumentHelp("0 all of it, 1 its SHA-256, 2 its SHA-512.", valueName: "matching"))
    var matching: UInt8 = 1

    @Option(help: ArgumentHelp("The port of the SRV records.", valueName: "port"))
    var port: UInt16 = 5269

    func validate() throws {
        guard words.count >= 2 else {
            throw ValidationError("name a file with a certificate, and then the host that the record is for")
        }
        guard usage <= 3 else { throw ValidationError("--usage takes 0 to 3") }
        guard selector <= 1 else { throw ValidationError("--selector takes 0 or 1") }
        guard matching <= 2 else { throw ValidationError("--matching takes 0 to 2") }
        guard port > 0 else { throw ValidationError("--port takes 1 to 65535") }
    }

    func run() throws {
        let host = try Words.domain(words.last ?? "")
        guard !host.isAddressLiteral else {
            throw ValidationError("“\(host)” is an address; TLSA records are for the name of a host")
        }
        let parameters = RecordsToPublish.Parameters(usage: usage, selector: selector, matching: matching)
        let certificates = try Certificates.select(parameters.part, ofFiles: words.dropLast())
        guard let records = RecordsToPublish(of: certificates, parameters, host: host, port: port) else {
            throw ValidationError("there is no TLSA record \(usage) \(selector) \(matching)")
        }
        if !options.json { Output.note(records.place) }
        try Output.write(records, text: records.text, asJSON: options.json)
    }
}
