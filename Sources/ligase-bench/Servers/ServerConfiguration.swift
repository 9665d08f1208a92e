/// The same situation in each server's own words: one component domain, TLS and a certificate demanded of every remote
/// server, no dialback, no limits that a benchmark would run into.
struct ServerConfiguration {
    let address: String
    let s2sPort: UInt16
    let componentPort: UInt16
    let directory: String
    let laboratory: Laboratory

    var ligase: String {
        """
        state_directory = "\(directory)/state"
        [log]
        level = "warning"
        [listen]
        s2s = ["\(address):\(s2sPort)"]
        s2s_direct_tls = []
        component = ["\(address):\(componentPort)"]
        http = []
        control = "\(directory)/control.sock"
        [tls]
        certificate = "\(laboratory.certificateFile)"
        private_key = "\(laboratory.keyFile)"
        trust_anchors = "\(laboratory.authorityFile)"
        [federation]
        prooftypes = ["pkix"]
        dane = "off"
        # What is measured is streams, of which each has its pair.
        bidirectional = false
        piggybacking = false
        [runtime]
        event_loops = 1
        [limits]
        streams_per_address = 0
        handshakes_per_second_per_address = 0
        [dns]
        validation = "off"
        servers = ["\(laboratory.nameServerAddress)"]
        [[domain]]
        name = "\(Laboratory.domain)"
        secret = "\(Laboratory.secret)"

        """
    }

    var prosody: String {
        let server = laboratory.nameServerAddress.replacing(":", with: "@")
        return """
            run_as_root = true
            data_path = "\(directory)/data"
            log = { warn = "*console" }
            modules_enabled = { "tls", "saslauth", "s2s", "s2s_auth_certs" }
            modules_disabled = { "c2s", "offline", "posix" }
            interfaces = { "\(address)" }
            c2s_ports = {}
            s2s_ports = { \(s2sPort) }
            s2s_direct_tls_ports = {}
            component_interfaces = { "\(address)" }
            component_ports = { \(componentPort) }
            s2s_secure_auth = true
            s2s_require_encryption = true
            ssl = { certificate = "\(laboratory.certificateFile)", key = "\(laboratory.keyFile)",
                cafile = "\(laboratory.authorityFile)", capath = false }
            unbound = { resolvconf = false, hoststxt = false, forward = { "\(server)" },
                options = { ["do-not-query-localhost:"] = "no" } }
            VirtualHost "unused.example"
            Component "\(Laboratory.domain)"
                component_secret = "\(Laboratory.secret)"

            """
    }

    var ejabberd: String {
        """
        hosts: [unused.example]
        loglevel: error
        ca_file: \(laboratory.authorityFile)
        certfiles: [\(laboratory.combinedFile)]
        s2s_use_starttls: required
        s2s_cafile: \(laboratory.authorityFile)
        s2s_access: all
        acme: {auto: false}
        listen:
          - ip: \(address)
            port: \(s2sPort)
            module: ejabberd_s2s_in
            backlog: 1024
          - ip: \(address)
            port: \(componentPort)
            module: ejabberd_service
            access: all
            hosts:
              \(Laboratory.domain):
                password: \(Laboratory.secret)
        modules: {}

        """
    }

    var erlangResolver: String {
        let parts = laboratory.nameServerAddress.split(separator: ":")
        return """
            {resolv_conf, ""}.
            {hosts_file, ""}.
            clear_ns.
            clear_search.
            {nameserver, {\(parts[0].replacing(".", with: ","))}, \(parts[1])}.
            {lookup, [dns]}.
            {edns, 0}.

            """
    }
}
