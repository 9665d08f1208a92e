import Configuration
import Testing

@Suite("Defaults")
struct DefaultTests {
    private func address(_ text: String) throws -> [ConfiguredAddress] {
        [try #require(ConfiguredAddress(text))]
    }

    @Test func `a file with one tenant has the defaults of the interface`() throws {
        let configuration = try load(tenant)
        #expect(configuration.stateDirectory == "/var/lib/ligase")
        #expect(configuration.log.level == .info && configuration.log.format == .text)
        #expect(configuration.listen.s2s == (try address("[::]:5269")))
        #expect(configuration.listen.s2sDirectTLS == (try address("[::]:5270")))
        #expect(configuration.listen.component == (try address("127.0.0.1:5347")))
        #expect(configuration.listen.inside.isEmpty)
        #expect(configuration.listen.http == (try address("127.0.0.1:5280")))
        #expect(configuration.listen.control == "/run/ligase/control.sock")
        #expect(configuration.tls.certificate == "/etc/ligase/tls/fullchain.pem")
        #expect(configuration.tls.privateKey == "/etc/ligase/tls/privkey.pem")
        #expect(configuration.tls.trustAnchors == .system && configuration.tls.minimumVersion == .tls12)
        #expect(configuration.tls.revocationLists.isEmpty && configuration.tls.presentsCertificate)
        #expect(!configuration.posh.allowsPrivateAddresses)
        #expect(configuration.runtime.eventLoops == nil && configuration.runtime.readyRequires == .all)
        #expect(configuration.remotes.isEmpty && configuration.warnings.isEmpty)
    }

    @Test func `the default policy wants TLS and a prooftype`() throws {
        let policy = try load(tenant).federation
        #expect(policy.level == .authenticated && policy.prooftypes == ["dane", "posh", "pkix"])
        #expect(policy.dane == .whenPublished && policy.daneUsages == [0, 1, 2, 3] && policy.acceptsPOSHWithSHA1)
        #expect(policy.keyChange == .log && policy.formerDomains.isEmpty && policy.dialbackSecret == nil)
        #expect(policy.bidirectional && policy.piggybacking && policy.streamManagement)
        #expect(policy == FederationSettings())
    }

    @Test func `DO-03: the default limits and timeouts are those of the interface`() throws {
        let limits = try load(tenant).limits
        #expect(limits.stanzaBytes == 262_144 && LimitSettings.stanzaBytesBeforeAuthentication == 16_384)
        #expect(limits.stanzaDepth == 64 && limits.streamsPerAddress == 64)
        #expect(limits.handshakesPerSecondPerAddress == 20 && limits.pairsPerStream == nil)
        #expect(limits.queuedStanzasPerDomain == 1000 && limits.queuedBytesPerDomain == 4_194_304)
        #expect(limits.queuedBytes == 268_435_456 && limits.bytesPerSecondPerStream == nil)

        let timeouts = try load(tenant).timeouts
        #expect(timeouts.connect == .seconds(10) && timeouts.negotiation == .seconds(60))
        #expect(timeouts.delivery == .seconds(120) && timeouts.dialback == .seconds(30))
        #expect(timeouts.verifyIdle == .seconds(10) && timeouts.close == .seconds(5))
        #expect(timeouts.idle == .seconds(600) && timeouts.keepalive == .seconds(300))
        #expect(timeouts.retryAfterFailure == [.seconds(5), .seconds(15), .seconds(60), .seconds(300)])
    }

    @Test func `DNS is validated here, strictly, and through the system's servers`() throws {
        let dns = try load(tenant).dns
        #expect(dns.validation == .local && dns.trustAnchor == "/usr/share/dns/root.key" && dns.servers.isEmpty)
        #expect(dns.privacy == .strict && dns.allowsCleartext && dns.certificateAuthorities == .system)
        #expect(dns.pins.isEmpty && dns.nsec3Iterations == 50 && !dns.discovery && dns.provisioningDomain == nil)
        #expect(dns.acceptsSHA1 && dns.provisioningZones.isEmpty && dns.timeout == .seconds(5) && dns.zones.isEmpty)
    }

    @Test func `0 means no limit, and no end for an idle stream`() throws {
        let configuration = try load(
            """
            [limits]
            streams_per_address = 0
            queued_bytes = 0
            [timeouts]
            idle = 0
            keepalive = 0
            close = 0.25
            """ + tenant)
        #expect(configuration.limits.streamsPerAddress == nil && configuration.limits.queuedBytes == nil)
        #expect(configuration.timeouts.idle == nil && configuration.timeouts.keepalive == nil)
        #expect(configuration.timeouts.close == .milliseconds(250))
    }

    @Test func `a file without a hosted domain is refused`() {
        #expect(
            faults(of: "").map(\.description) == [
                "/etc/ligase/ligase.toml: domain: is missing: no domain is hosted (add a [[domain]] with a name)"
            ])
    }
}
