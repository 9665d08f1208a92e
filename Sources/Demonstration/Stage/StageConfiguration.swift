/// The configuration of one player's daemon, as it stands in its folder.
struct StageConfiguration {
    let player: Player
    /// The player's folder.
    let folder: String
    /// The trust anchors of all.
    let trustAnchors: String
    /// The trust anchor of DNSSEC.
    let signedRoot: String
    /// Where the player's name server listens.
    let nameServer: String
    /// Where the player's web server listens; nil where there is none.
    let webServer: String?
    /// The domains that publish by POSH.
    let publishers: [String]
    /// The providers to which they refer.
    let providers: [String]

    /// The control socket.
    var controlSocket: String { folder + "/control.sock" }

    /// Nobody has a web server at the registered port, so that only those who publish something are asked, at another.
    private var remotes: String {
        guard let webServer else { return "" }
        let publishers = publishers.map {
            """
            [[remote]]
            name = "\($0)"
            prooftypes = ["dane", "posh", "pkix"]
            posh_server = "\(webServer)"

            """
        }
        let providers = providers.map {
            """
            [[remote]]
            name = "\($0)"
            posh_server = "\(webServer)"

            """
        }
        return (publishers + providers).joined(separator: "\n")
    }

    /// The TOML text. Ports are the kernel's choice; the service records follow them.
    var text: String {
        let listening = "[\"\(player.address):0\"]"
        return """
            # The daemon “\(player.name)” of “ligasectl demo”.
            state_directory = "\(folder)/state"

            [log]
            level = "debug"

            [listen]
            s2s = \([.startTLS, .interception, .diversion].contains(player.entrance) ? listening : "[]")
            s2s_direct_tls = \(player.entrance == .directTLS ? listening : "[]")
            component = []
            http = []
            control = "\(controlSocket)"

            [tls]
            trust_anchors = "\(trustAnchors)"

            [federation]
            prooftypes = ["dane", "pkix"]

            [runtime]
            event_loops = 1

            [dns]
            servers = ["\(nameServer)"]
            trust_anchor = "\(signedRoot)"

            [[domain]]
            name = "\(player.domain)"
            backend = "builtin"
            certificate = "certificate.pem"
            private_key = "key.pem"

            """ + remotes
    }
}
