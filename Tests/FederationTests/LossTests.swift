import Demonstration
import Diagnostics
import Federation
import Glibc
import TestSupport
import Testing
import TransportSecurity

/// Connections that end while stanzas are on their way.
@Suite("connections that are lost")
struct LossTests {
    /// Numbers in the bodies of whole messages.
    private static func numbers(in text: String) -> [Int] {
        text.split(separator: "<body>").dropFirst().compactMap { part in
            guard part.contains("</message>") else { return nil }
            return Int(part.prefix { $0 != " " && $0 != "<" })
        }
    }

    @Test(arguments: [1, 2], [false, true])
    func `RT-04: what a lost connection did not take is sent again or returned once`(
        loops: Int, isTLSBroken: Bool
    ) async throws {
        try await script {
            let network = try Network()
            let place = LoopbackAddress.unused()
            let listener = try ByteListener(at: Endpoint.unused(on: place))
            try network.setZone("_xmpp-server._tcp.b SRV 0 0 \(listener.endpoint.port) host\nhost A \(place)\n")
            let node = try Node(
                "a", [.component("a.example")], in: network, loops: loops,
                limits: "queued_stanzas_per_domain = 0\nqueued_bytes_per_domain = 0")
            let component = try node.connect("a.example")
            let filling = String(repeating: "f", count: 4000)
            let total = 3000
            try component.send(Peer.message("x@a.example", "u@b.example", "0 \(filling)"))
            var first: Peer? = try Peer.serving(listener, domain: "b.example")
            // Nothing is read beyond the first, so that the rest piles up in the kernel and in the daemon.
            try first?.read(until: "</message>")
            for number in 1..<total {
                try component.send(Peer.message("x@a.example", "u@b.example", "\(number) \(filling)"))
            }
            #expect(eventually(within: .seconds(10)) { (node.counts?.queuedStanzas ?? 0) > 100 })
            if isTLSBroken {
                try first?.sendRaw([UInt8](repeating: 0x55, count: 64))
                #expect(eventually(within: .seconds(5)) { node.metric(.streamsEnded) > 0 })
            }
            // What the kernel took may be lost; the daemon cannot know.
            first = nil
            let second = try Peer.serving(listener, domain: "b.example")
            try component.send(Peer.message("x@a.example", "u@b.example", "\(total) end"))
            let text = try second.read(until: "\(total) end</body></message>", within: .seconds(30))
            let again = Self.numbers(in: text)
            #expect(again == Array((again.first ?? 0)...total), "nothing twice, nothing missing, all in order")
            #expect(again.count > 100)
            #expect(try component.receiveNothingMore().isEmpty)
            #expect(node.metric(.stanzasBounced) == 0)
            #expect(node.counts?.queuedStanzas == 0)
        }
    }

    @Test func `RT-04: what a peer leaves behind by closing is returned, each once`() async throws {
        try await script {
            let network = try Network()
            let place = LoopbackAddress.unused()
            let listener = try ByteListener(at: Endpoint.unused(on: place))
            try network.setZone("_xmpp-server._tcp.b SRV 0 0 \(listener.endpoint.port) host\nhost A \(place)\n")
            let node = try Node(
                "a", [.component("a.example")], in: network, settings: "[timeouts]\nclose = 1\nconnect = 1",
                limits: "queued_stanzas_per_domain = 0\nqueued_bytes_per_domain = 0")
            let component = try node.connect("a.example")
            let filling = String(repeating: "f", count: 4000)
            try component.send(Peer.message("x@a.example", "u@b.example", "0 \(filling)"))
            let peer = try Peer.serving(listener, domain: "b.example")
            try peer.read(until: "</message>")
            for number in 1..<1500 {
                try component.send(Peer.message("x@a.example", "u@b.example", "\(number) \(filling)"))
            }
            #expect(eventually(within: .seconds(10)) { (node.counts?.queuedStanzas ?? 0) > 100 })
            try peer.send("</stream:stream>")
            #expect(eventually(within: .seconds(5)) { node.metric(.stanzasBounced) > 0 })
            // What it reads now is what the kernel had; what was given up comes back; the queue takes another stream.
            let delivered = [0] + Self.numbers(in: try peer.readToEnd())
            let second = try Peer.serving(listener, domain: "b.example")
            try component.send(Peer.message("x@a.example", "u@b.example", "1500 end"))
            let later = Self.numbers(in: try second.read(until: "1500 end</body></message>", within: .seconds(30)))
            var returned: [Int] = []
            while let error = try? component.receive(within: .seconds(1)) {
                #expect(error.attribute("type") == "error")
                if let body = error.text(of: "body") { returned.append(Int(body.prefix { $0 != " " }) ?? -1) }
            }
            // Each once. What the kernel had taken when the time was over is the only gap.
            let all = (delivered + returned + later).sorted()
            #expect(Set(all).count == all.count)
            #expect(all.suffix(from: delivered.count).elementsEqual((all[delivered.count])...1500))
            #expect(later == later.sorted() && returned == returned.sorted())
            #expect(node.counts?.queuedStanzas == 0)
        }
    }

    @Test(arguments: [1, 2])
    func `DO-05: a remote server that does not read holds up nobody for long`(loops: Int) async throws {
        try await script {
            let network = try Network()
            let place = LoopbackAddress.unused()
            let slow = try ByteListener(at: Endpoint.unused(on: place))
            let quick = try ByteListener(at: Endpoint.unused(on: place))
            try network.setZone(
                """
                _xmpp-server._tcp.b SRV 0 0 \(slow.endpoint.port) host
                _xmpp-server._tcp.c SRV 0 0 \(quick.endpoint.port) host
                host A \(place)
                """)
            let node = try Node("a", [.component("a.example")], in: network, loops: loops)
            let component = try node.connect("a.example")
            try component.send(Peer.message("x@a.example", "u@b.example", "0"))
            let stuck = try Peer.serving(slow, domain: "b.example")
            try component.send(Peer.message("x@a.example", "u@c.example", "0"))
            let other = try Peer.serving(quick, domain: "c.example")
            let filling = String(repeating: "f", count: 16_000)
            for number in 1..<800 {
                try component.send(Peer.message("x@a.example", "u@b.example", "\(number) \(filling)"))
            }
            try component.send(Peer.message("x@a.example", "u@c.example", "undisturbed"))
            try other.read(until: "undisturbed", within: .seconds(30))
            // What overflowed the queue came back with its reason; the others are sent when the peer reads.
            var bounced = 0
            while let error = try? component.receive(within: .milliseconds(500)) {
                #expect(error.contains("resource-constraint"))
                bounced += 1
            }
            try component.send(Peer.message("x@a.example", "u@b.example", "last"))
            let text = try stuck.read(until: "last</body></message>", within: .seconds(20))
            #expect(Self.numbers(in: text).count + bounced == 800)
        }
    }

    @Test(arguments: [1, 2])
    func `RT-13: a component that is faster than its peer waits, and nothing overflows`(loops: Int) async throws {
        try await script {
            let network = try Network()
            let place = LoopbackAddress.unused()
            // Of two loops, one owns the first domain and one the second.
            let domains = ["b.example", "c.example"]
            let listener = try ByteListener(at: Endpoint.unused(on: place))
            try network.setZone(
                domains.map { "_xmpp-server._tcp.\($0.prefix(1)) SRV 0 0 \(listener.endpoint.port) host\n" }.joined()
                    + "host A \(place)\n")
            let node = try Node("a", [.component("a.example")], in: network, loops: loops)
            let filling = String(repeating: "f", count: 12_000)
            for domain in domains {
                // The one before may not be gone yet.
                var connected: ComponentClient?
                #expect(
                    eventually(within: .seconds(20)) {
                        connected = try? node.connect("a.example")
                        return connected != nil
                    })
                let component = try #require(connected)
                try component.send(Peer.message("x@a.example", "u@\(domain)", "0"))
                let peer = try Peer.serving(listener, domain: domain)
                var sent = 1
                // The kernel holds some megabytes; the component is stopped before the queue's thousand are reached.
                for number in 1...2500 {
                    do {
                        try component.send(
                            Peer.message("x@a.example", "u@\(domain)", "\(number) \(filling)"),
                            within: .milliseconds(500))
                        sent += 1
                    } catch HarnessFailure.timedOut {
                        break
                    }
                }
                #expect(sent < 2500)
                let text = try peer.read(until: "<body>\(sent - 1) \(filling)</body></message>", within: .seconds(120))
                #expect(Self.numbers(in: text) == Array(0..<sent))
                #expect(try component.receiveNothingMore().isEmpty)
            }
        }
    }

    @Test func `XS-26: a stream that was established and ended is made anew at once`() async throws {
        try await script {
            let network = try Network()
            let place = LoopbackAddress.unused()
            let listener = try ByteListener(at: Endpoint.unused(on: place))
            try network.setZone("_xmpp-server._tcp.b SRV 0 0 \(listener.endpoint.port) host\nhost A \(place)\n")
            let node = try Node("a", [.component("a.example")], in: network)
            let component = try node.connect("a.example")
            for number in 0..<5 {
                // What is written on a connection whose end has not been seen may be lost.
                #expect(eventually(within: .seconds(10)) { node.counts?.streams == 0 })
                try component.send(Peer.message("x@a.example", "u@b.example", "\(number)"))
                let peer = try Peer.serving(listener, domain: "b.example")
                #expect(try peer.read(until: "</message>").contains("\(number)"))
                if number % 2 == 0 {
                    try peer.send(
                        "<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
                    )
                    #expect(try peer.readToEnd() == "</stream:stream>")
                }
                #expect(peer.failure == nil)
            }
        }
    }
}
