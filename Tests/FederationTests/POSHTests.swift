import Administration
import DNSMessages
import Demonstration
import Diagnostics
import Federation
import HTTPTestSupport
import Prooftypes
import Synchronization
import TestSupport
import Testing
import TransportSecurity
import XMPPModel

/// `b.example` has a certificate that no authority vouches for, and says over HTTPS which one it is.
@Suite("proof by POSH documents")
struct POSHTests {
    @Test func `PO-01, PO-07, PO-20: a published certificate is believed both ways, at the price of one request`()
        async throws
    {
        try await script {
            let own = try Network.selfSigned("unrelated.example")
            let document = try POSHStage.document(own)
            let stage = try POSHStage { _ in document }
            #expect(try stage.delivers(to: own))
            let peer = try Peer.authenticated(to: stage.node, from: "b.example", to: "a.example", presenting: own)
            try peer.send(Peer.message("u@b.example", "x@a.example", "hello"))
            #expect(try stage.component.receive().description.contains("hello"))
            for direction in [StreamDirection.outbound, .inbound] {
                let association = try stage.association(direction)
                #expect(association.prooftype == "posh" && association.secureDelegation)
                #expect(association.evidence["url"] == "https://b.example\(POSHStage.path)")
                #expect(association.evidence["fingerprint"]?.hasPrefix("sha-512 ") == true)
                #expect(association.evidence["expires"] == association.expires?.description)
            }
            #expect(stage.targets == [POSHStage.path])
            #expect(stage.node.metric(.poshRetrievals) == 1 && stage.node.metric(.poshRetrievalsFailed) == 0)
        }
    }

    @Test func `PO-01, PO-13: the draft's form is believed at its own path`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let body = try POSHPublication.document(.draft, of: [own.certificate], expires: 600)
            let stage = try POSHStage { request in
                request.target == POSHStage.draftPath ? ScriptedReply(body: Array(body.utf8)) : ScriptedReply(404)
            }
            #expect(try stage.delivers(to: own))
            #expect(try stage.association(.outbound).evidence["url"] == "https://b.example\(POSHStage.draftPath)")
            #expect(stage.targets == [POSHStage.path, POSHStage.draftPath])
        }
    }

    @Test func `PO-02: what an unproved web server says is nothing`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let document = try POSHStage.document(own)
            for identity in [try Network.issue("c.example"), try Network.selfSigned("b.example")] {
                let stage = try POSHStage(identity: identity) { _ in document }
                #expect(try !stage.offersExternal(to: own))
                #expect(try !stage.delivers(to: own))
                #expect(stage.web.requests.isEmpty)
                #expect(try stage.component.receive().description.contains("the web server did not prove who it is"))
            }
        }
    }

    @Test func `PO-02: the authorities of one domain are those of its web servers, too`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let document = try POSHStage.document(own)
            let stage = try POSHStage { _ in document }
            #expect(try stage.offersExternal(to: own))
            let other = try Network.selfSigned("Another Root")
            let file = try stage.network.directory.write(
                String(decoding: other.certificatePEM, as: UTF8.self), to: "other.pem")
            try stage.node.reload(
                [.component("a.example")],
                settings: POSHStage.settings(remote: "trust_anchors = \"\(file)\"", web: stage.web))
            // What was retrieved under the former authorities has been forgotten.
            #expect(try !stage.offersExternal(to: own))
            #expect(stage.node.log.contains("the web server did not prove who it is"))
        }
    }

    // MARK: - Delegation

    @Test func `PO-08, PT-03: a tenant is believed with its provider's certificate where it says so itself`()
        async throws
    {
        try await script {
            let providers = try Network.issue("hosting.example")
            let stage = try POSHStage { _ in ScriptedReply(404) }
            #expect(try !stage.offersExternal(to: providers))
            #expect(try !stage.delivers(to: providers))
            #expect(try stage.component.receive().description.contains("no POSH document: status 404"))

            for isReference in [true, false] {
                let stage = try POSHStage { _ in ScriptedReply(404) }
                let url = stage.url("/tenants/b.json")
                stage.publish([
                    POSHStage.path: isReference
                        ? try POSHStage.reference(to: url) : ScriptedReply(307, fields: [("Location", url)]),
                    "/tenants/b.json": try POSHStage.document(providers),
                ])
                #expect(try stage.offersExternal(to: providers))
                #expect(try stage.delivers(to: providers))
                let association = try stage.association(.outbound)
                #expect(association.prooftype == "posh" && association.secureDelegation)
                #expect(association.evidence["url"] == url)
                #expect(association.evidence["delegated by"] == "https://b.example\(POSHStage.path)")
            }
        }
    }

    @Test func `PO-09: a reference to a reference proves nothing`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try POSHStage { _ in ScriptedReply(404) }
            stage.publish([
                POSHStage.path: try POSHStage.reference(to: stage.url("/one")),
                "/one": try POSHStage.reference(to: stage.url("/two")), "/two": try POSHStage.document(own),
            ])
            #expect(try !stage.offersExternal(to: own))
            #expect(stage.targets == [POSHStage.path, "/one"])
            #expect(stage.node.log.contains("the reference leads to another reference"))
        }
    }

    @Test(arguments: [true, false])
    func `PO-18, PO-19: what is stale begins again at the domain`(isReference: Bool) async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try POSHStage { _ in ScriptedReply(404) }
            let url = stage.url("/b.json")
            stage.publish([
                POSHStage.path: isReference
                    ? try POSHStage.reference(to: url, expires: 600)
                    : ScriptedReply(301, fields: [("Location", url), ("Cache-Control", "max-age=999999")]),
                "/b.json": try POSHStage.document(own, expires: isReference ? 3600 : 600),
            ])
            let both = [POSHStage.path, "/b.json"]
            #expect(try stage.offersExternal(to: own))
            stage.advance(by: 500)
            #expect(try stage.offersExternal(to: own))
            #expect(stage.targets == both)
            stage.advance(by: 101)
            #expect(try stage.offersExternal(to: own))
            #expect(stage.targets == both + both)
        }
    }

    @Test func `PO-19: circles of redirections prove nothing and end`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let stage = try POSHStage { request in
                ScriptedReply(302, fields: [("Location", request.target == "/one" ? "/two" : "/one")])
            }
            #expect(try !stage.offersExternal(to: own))
            #expect(stage.targets == [POSHStage.path, "/one", "/two"])
            #expect(stage.node.log.contains("the redirections go in a circle"))
        }
    }

    // MARK: - When

    @Test func `PO-20: a server that dials us is offered nothing before the web server has answered`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            var late = try POSHStage.document(own)
            late.delay = .milliseconds(1500)
            let reply = late
            let stage = try POSHStage { _ in reply }
            let peer = try stage.dialling(with: own)
            #expect(eventually(within: .seconds(10)) { !stage.web.requests.isEmpty })
            #expect(try !peer.readWhatComes(within: .milliseconds(500)).contains("features"))
            #expect(try peer.read(until: "</mechanisms>").contains("EXTERNAL"))
        }
    }

    @Test func `PO-20: nothing is sent to a server that we dial before the web server has answered`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            var late = try POSHStage.document(own)
            late.delay = .seconds(4)
            let reply = late
            let stage = try POSHStage { _ in reply }
            try stage.send()
            let peer = try Peer(accepted: stage.listener.accept())
            try peer.serveUntilSecured("b.example", with: own)
            try peer.serveHeader("b.example", Peer.mechanisms)
            #expect(try peer.readWhatComes(within: .milliseconds(500)).isEmpty)
            try peer.read(until: "</auth>")
            try peer.send(Peer.success)
            try peer.serveHeader("b.example", "<stream:features></stream:features>")
            #expect(try peer.read(until: "</message>").contains("hello"))
        }
    }

    @Test func `PO-20, PO-22: a web server that never answers is awaited for so long and no longer`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            var silent = ScriptedReply()
            silent.isSilent = true
            let reply = silent
            let stage = try POSHStage(retrievalLimit: .seconds(1)) { _ in reply }
            #expect(try !stage.offersExternal(to: own))
            #expect(try !stage.delivers(to: own))
            #expect(try stage.component.receive().description.contains("the web server took too long"))
            #expect(stage.node.metric(.poshRetrievalsFailed) == 1)
        }
    }

    @Test func `PO-20: the document is on its way while the service records are`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let document = try POSHStage.document(own)
            let resolved = Mutex(false)
            let stage = try POSHStage(observe: { fact in
                if case .resolved = fact { resolved.withLock { $0 = true } }
            }) { _ in document }
            stage.network.nameServer.setDelay(.seconds(1), for: .srv)
            try stage.send()
            #expect(eventually(within: .seconds(10)) { !stage.web.requests.isEmpty })
            #expect(!resolved.withLock { $0 })
            let peer = try Peer(accepted: stage.listener.accept())
            try peer.serve("b.example", with: own)
            #expect(try peer.read(until: "</message>").contains("hello"))
            #expect(stage.targets == [POSHStage.path])
        }
    }

    // MARK: - Who else proves

    @Test func `PO-21: an authority's word is taken where another certificate is published, and it is told`()
        async throws
    {
        try await script {
            let document = try POSHStage.document(try Network.selfSigned("b.example"))
            let stage = try POSHStage { _ in document }
            let vouched = try Network.issue("b.example")
            #expect(try stage.delivers(to: vouched))
            let peer = try Peer.authenticated(
                to: stage.node, from: "b.example", to: "a.example", presenting: vouched)
            defer { withExtendedLifetime(peer) {} }
            for direction in [StreamDirection.outbound, .inbound] {
                #expect(try stage.association(direction).prooftype == "pkix")
                #expect(
                    try eventually(within: .seconds(10)) {
                        try stage.association(direction).verdicts.contains {
                            $0.prooftype == "posh" && $0.reason.contains("is none of those published")
                        }
                    })
            }
            #expect(stage.node.log.contains("the domain publishes other keys than the peer's"))
        }
    }

    @Test func `PO-21: an authority's word alone is told nothing about`() async throws {
        try await script {
            let vouched = try Network.issue("b.example")
            let document = try POSHStage.document(vouched)
            for reply in [ScriptedReply(404), document] {
                let stage = try POSHStage { _ in reply }
                #expect(try stage.offersExternal(to: vouched))
                #expect(try stage.delivers(to: vouched))
                #expect(
                    try eventually(within: .seconds(10)) {
                        try stage.association(.outbound).verdicts.contains {
                            $0.prooftype == "posh" && !$0.reason.contains("not awaited")
                        }
                    })
                #expect(!stage.node.log.contains("publishes other keys"))
            }
        }
    }

    @Test(arguments: ["", "prooftypes = [\"posh\"]"])
    func `PO-21: a certificate that is not the published one is refused where nothing else proves`(
        federation: String
    ) async throws {
        try await script {
            let document = try POSHStage.document(try Network.selfSigned("b.example"))
            let stage = try POSHStage(federation: federation) { _ in document }
            // With POSH alone even an impostor whom every authority believes is refused.
            let impostor = try federation.isEmpty ? Network.selfSigned("b.example") : Network.issue("b.example")
            #expect(try !stage.offersExternal(to: impostor))
            #expect(try !stage.delivers(to: impostor))
            let bounce = try stage.component.receive().description
            #expect(bounce.contains("is none of those published at https://b.example\(POSHStage.path)"), "\(bounce)")
        }
    }

    // MARK: - How much

    @Test func `PO-22: fifty streams of one domain make one request`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            var late = try POSHStage.document(own)
            late.delay = .seconds(1)
            let reply = late
            let stage = try POSHStage(loops: 2) { _ in reply }
            let peers = try (0..<50).map { _ in try stage.dialling(with: own) }
            for peer in peers { #expect(try peer.readFeatures().contains("EXTERNAL")) }
            #expect(stage.targets == [POSHStage.path])
        }
    }

    @Test func `PO-22: a redirection into our own network is not followed unless it is allowed`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let document = try POSHStage.document(own)
            let zone = "[[dns.zone]]\nname = \"hosting.example\"\nservers = [\"192.0.2.53\"]"
            for (isGuarded, tables, isFollowed) in [(false, "", true), (true, "", false), (true, zone, true)] {
                let stage = try POSHStage(tables: tables, isGuarded: isGuarded) { _ in document }
                stage.publish([
                    POSHStage.path: ScriptedReply(302, fields: [("Location", stage.url("/inside"))]),
                    "/inside": document,
                ])
                #expect(try stage.offersExternal(to: own) == isFollowed)
                #expect(stage.targets.contains("/inside") == isFollowed)
                if !isFollowed {
                    #expect(stage.node.log.contains("hosting.example is at 127.0.0.1, which is not public"))
                }
            }
        }
    }

    @Test func `PO-22: a document without end proves nothing`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            var endless = try POSHStage.document(own)
            endless.body += [UInt8](repeating: 0x20, count: 70_000)
            let reply = endless
            let stage = try POSHStage { _ in reply }
            #expect(try !stage.offersExternal(to: own))
            #expect(stage.node.log.contains("the document has more than 65536 octets"))
        }
    }

    // MARK: - Another time

    @Test func `PT-06: another connection is judged anew, by what is kept of the document`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let document = try POSHStage.document(own)
            let stage = try POSHStage { _ in document }
            #expect(try stage.offersExternal(to: own))
            #expect(try !stage.offersExternal(to: Network.selfSigned("b.example")))
            #expect(try stage.offersExternal(to: own))
            #expect(stage.targets == [POSHStage.path])
        }
    }

    @Test func `PO-18: a roll-over takes both certificates, and what it left behind is taken no more`() async throws {
        try await script {
            let (old, new) = (try Network.selfSigned("b.example"), try Network.selfSigned("b.example"))
            let stage = try POSHStage { _ in ScriptedReply(404) }
            stage.publish([POSHStage.path: try POSHStage.document(old, expires: 60)])
            #expect(try stage.offersExternal(to: old))
            #expect(try !stage.offersExternal(to: new))
            stage.publish([POSHStage.path: try POSHStage.document(new, old, expires: 60)])
            stage.advance(by: 61)
            #expect(try stage.offersExternal(to: old))
            #expect(try stage.offersExternal(to: new))
            stage.publish([POSHStage.path: try POSHStage.document(new, expires: 60)])
            stage.advance(by: 61)
            #expect(try !stage.offersExternal(to: old))
            #expect(try stage.offersExternal(to: new))
            // Whoever keeps the web server from answering brings no former document back.
            stage.publish([POSHStage.path: ScriptedReply(503)])
            stage.advance(by: 30)
            #expect(try !stage.offersExternal(to: old))
            #expect(try stage.offersExternal(to: new))
            stage.advance(by: 61)
            #expect(try !stage.offersExternal(to: new))
        }
    }

    @Test func `PO-12: a private key in a document is warned of loudly, once`() async throws {
        try await script {
            let own = try Network.selfSigned("b.example")
            let good = try POSHPublication.document(.draft, of: [own.certificate], expires: 60)
            let bad = #"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","x5t":"AAAA"},"#
            let start = try #require(good.firstIndex(of: "[")).utf16Offset(in: good) + 1
            let body = Array(good.utf8.prefix(start)) + Array(bad.utf8) + Array(good.utf8.dropFirst(start))
            let stage = try POSHStage { request in
                request.target == POSHStage.path ? ScriptedReply(404) : ScriptedReply(body: body)
            }
            for _ in 0..<3 {
                #expect(try stage.offersExternal(to: own))
                stage.advance(by: 61)
            }
            #expect(stage.targets.count == 6)
            let warning = "a POSH document publishes what must stay secret"
            #expect(stage.node.log.split(separator: "\n").filter { $0.contains(warning) }.count == 1)
        }
    }
}
