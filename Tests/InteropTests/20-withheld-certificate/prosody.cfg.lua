-- Prosody 0.12 as the common one with dialback and with a second domain, but its certificate belongs to the listener for
-- direct TLS alone: who dials has none.
run_as_root = true
data_path = "${directory}/prosody-data"
log = { debug = "*console" }
modules_enabled = { "tls", "saslauth", "s2s", "s2s_auth_certs", "dialback" }
modules_disabled = { "c2s", "offline", "posix" }

interfaces = { "${prosody.address}" }
c2s_ports = {}
s2s_ports = { ${prosody.s2s_port} }
s2s_direct_tls_ports = { ${prosody.s2s_direct_tls_port} }
component_interfaces = { "${prosody.address}" }
component_ports = { ${prosody.component_port} }

s2s_secure_auth = false
s2s_require_encryption = true
ssl = { cafile = "${authority}", capath = false }
s2s_direct_tls_ssl = {
    certificate = "${prosody.certificate}",
    key = "${prosody.private_key}",
}

unbound = {
    resolvconf = false,
    hoststxt = false,
    forward = { "${name_server.address}@${name_server.port}" },
    options = { ["do-not-query-localhost:"] = "no" },
}

-- Prosody wants a virtual host; the domain of the tests is the component's.
VirtualHost "unused.prosody.example"

Component "${prosody.domain}"
    component_secret = "${prosody.secret}"

Component "rooms.${prosody.domain}"
    component_secret = "${prosody.secret}"
