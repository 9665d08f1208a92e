-- Prosody 0.12 with servers and clients, as its packages configure it: dialback is there, and TLS is demanded.
run_as_root = true
data_path = "${directory}/prosody-data"
log = { debug = "*console" }
modules_enabled = { "tls", "saslauth", "dialback", "s2s", "s2s_auth_certs", "disco" }
modules_disabled = { "offline", "posix" }

interfaces = { "${prosody.address}" }
c2s_ports = { ${c2s_port} }
c2s_direct_tls_ports = { ${c2s_direct_tls_port} }
s2s_ports = { ${prosody.s2s_port} }
s2s_direct_tls_ports = { ${prosody.s2s_direct_tls_port} }
component_interfaces = { "${prosody.address}" }
component_ports = { ${prosody.component_port} }

c2s_require_encryption = true
s2s_require_encryption = true
authentication = "internal_hashed"
ssl = {
    certificate = "${prosody.certificate}",
    key = "${prosody.private_key}",
    cafile = "${authority}",
    capath = false,
}

VirtualHost "${prosody.domain}"

Component "unused.prosody.example"
    component_secret = "${prosody.secret}"
