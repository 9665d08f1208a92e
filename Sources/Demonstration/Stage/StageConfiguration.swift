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
    /// Who publishes by POSH, and where; nil where nobody does.
    let web: StageWeb?

    /// The control socket.
    var controlSocket: String { folder + "/control.sock" }

    /// The web server is at another port than the registered one; only those who have a site there are asked for documents.
    private var remotes: String {
        guard let web else { return "" }
        return web.publishers.reduce("\n[posh]\nprivate_addresses = true\n") { text, publisher in
            text + """

                [[remote]]
                name = "\(publisher)"
                prooftypes = ["dane", "posh", "pkix"]
                posh_server = "\(web.address)"

                """
        }
    }

    /// What stands behind the domains, and what proves them.
    private var domains: String {
        player.domains.reduce("") { text, domain in
            text + """

                [[domain]]
                name = "\(domain)"
                backend = "builtin"
                certificate = "certificate.pem"
                private_key = "key.pem"

                """
        }
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
            present_certificate = \(player.conduct.presentsCertificate)

            [federation]
            prooftypes = ["dane", "pkix"]
            piggybacking = \(player.conduct.sharesStreams)
            bidirectional = \(player.conduct.usesBothDirections)

            [runtime]
            event_loops = 1

            [dns]
            servers = ["\(nameServer)"]
            trust_anchor = "\(signedRoot)"

            """ + domains + remotes
    }
}
