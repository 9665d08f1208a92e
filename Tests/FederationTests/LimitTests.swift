import Diagnostics
import Federation
import Glibc
import TestSupport
import Testing
import TransportSecurity

/// Peers that ask for too much, or for nothing and for ever.
@Suite("hostile peers")
struct LimitTests {
    private static let target = "a.example"

    private static func node(limits: String? = nil, settings: String = "", loops: Int = 1) throws -> Node {
        try Node("a", [.component(target)], in: Network(), loops: loops, settings: settings, limits: limits)
    }

    private static var descriptors: Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }

    @Test func `DO-01: streams of one address are limited until they authenticate`() async throws {
        try await script {
            let node = try Self.node(limits: "streams_per_address = 5\nhandshakes_per_second_per_address = 0")
            var guests: [Peer] = []
            for _ in 0..<5 {
                let peer = try Peer(dialling: node.s2s)
                try peer.open(from: "b.example", to: Self.target)
                guests.append(peer)
            }
            let excess = try Peer(dialling: node.s2s)
            try? excess.send(Peer.header(from: "b.example", to: Self.target))
            #expect(try excess.readToEnd().isEmpty)
            #expect(node.metric(.connectionsRefused) == 1)
            // One that authenticates makes room for the next.
            let guest = guests.removeLast()
            try guest.send(Peer.startTLS)
            try guest.read(until: Peer.proceed)
            try guest.secure(presenting: Network.issue("b.example").identity())
            try guest.authenticate(from: "b.example", to: Self.target)
            #expect(eventually(within: .seconds(3)) { Self.isServed(by: node) })
            // So does one that goes.
            guests = []
            #expect(eventually(within: .seconds(3)) { Self.isServed(by: node) })
        }
    }

    private static func isServed(by node: Node) -> Bool {
        guard let peer = try? Peer(dialling: node.s2s) else { return false }
        return (try? peer.open(from: "b.example", to: target)) != nil
    }

    @Test func `DO-01: connections in a second are limited, and the next second has room again`() async throws {
        try await script {
            let node = try Self.node(limits: "streams_per_address = 0\nhandshakes_per_second_per_address = 3")
            let start = ContinuousClock.now
            var served = 0
            for _ in 0..<10 where Self.isServed(by: node) { served += 1 }
            // However slow the machine: a burst of three, and three for each second.
            let elapsed = Int((ContinuousClock.now - start).components.seconds)
            #expect((3...6 + 3 * elapsed).contains(served))
            #expect(eventually(within: .seconds(3)) { Self.isServed(by: node) })
        }
    }

    @Test(arguments: [
        "<message><body>" + String(repeating: "x", count: 40_000),
        String(repeating: "<a>", count: 10_000),
        "<a " + (0..<5000).map { "a\($0)='' " }.joined() + "/>",
        "<" + String(repeating: "n", count: 1_000_000) + "/>",
        "<a b='" + String(repeating: "v", count: 1_000_000),
        "<!DOCTYPE a [<!ENTITY e 'x'>]>", "<!-- c -->", "<?pi x?>", "&e;", "\u{1}", "</a>", "<a:b/>", "<a a='' a=''/>",
        "<message xmlns='jabber:client'/>", "<x xmlns='urn:unknown'/>", "text between",
    ])
    func `DO-02: what a stranger may not say ends its stream and disturbs nobody`(bytes: String) async throws {
        try await script {
            let node = try Self.node()
            let component = try node.connect(Self.target)
            let good = try Peer.authenticated(to: node, from: "b.example", to: Self.target)
            let peer = try Peer(dialling: node.s2s)
            try peer.open(from: "c.example", to: Self.target)
            // The daemon may close before it has been told everything.
            try? peer.send(bytes)
            let answer = (try? peer.readToEnd()) ?? "reset"
            #expect(answer.contains("<stream:error>") && answer.hasSuffix("</stream:stream>"), "\(answer.suffix(300))")
            try good.send(Peer.message("x@b.example", "u@a.example", "undisturbed"))
            #expect(try component.receive().text(of: "body") == "undisturbed")
            #expect(eventually(within: .seconds(3)) { node.counts?.streams == 1 })
        }
    }

    @Test func `DO-03: the limit of stanzas is kept to the octet once a peer is known`() async throws {
        try await script {
            let node = try Self.node(limits: "stanza_bytes = 10000\nhandshakes_per_second_per_address = 0")
            let component = try node.connect(Self.target)
            let frame = Peer.message("x@b.example", "u@a.example", "")
            let fitting = String(repeating: "y", count: 10_000 - frame.utf8.count)
            let peer = try Peer.authenticated(to: node, from: "b.example", to: Self.target)
            try peer.send(Peer.message("x@b.example", "u@a.example", fitting))
            #expect(try component.receive().text(of: "body") == fitting)
            try peer.send(Peer.message("x@b.example", "u@a.example", fitting + "y"))
            #expect(try peer.readToEnd().contains("<policy-violation"))
            #expect(try component.receiveNothingMore().isEmpty)
        }
    }

    @Test func `DO-04: a stream that is limited arrives slowly, whole and in order`() async throws {
        try await script {
            let node = try Self.node(
                limits: "bytes_per_second_per_stream = 40000\nhandshakes_per_second_per_address = 0")
            let component = try node.connect(Self.target)
            let peer = try Peer.authenticated(to: node, from: "b.example", to: Self.target)
            let start = ContinuousClock.now
            let filling = String(repeating: "z", count: 900)
            for number in 0..<160 { try peer.send(Peer.message("x@b.example", "u@a.example", "\(number) \(filling)")) }
            for number in 0..<160 {
                #expect(try component.receive().text(of: "body")?.hasPrefix("\(number) ") == true)
            }
            // A second's worth may come at once; the other two thirds may not.
            #expect(ContinuousClock.now - start > .seconds(1))
        }
    }

    @Test func `DO-05: a peer of one octet now and then has no more time than others`() async throws {
        try await script {
            let node = try Self.node(settings: "[timeouts]\nnegotiation = 1\nclose = 1")
            let slow = try Peer(dialling: node.s2s)
            let silent = try Peer(dialling: node.directTLS)
            let half = try Peer(dialling: node.s2s)
            try half.open(from: "b.example", to: Self.target)
            try half.send(Peer.startTLS)
            try half.read(until: Peer.proceed)
            var told = ""
            for byte in Peer.header(from: "b.example", to: Self.target).utf8.prefix(12) {
                try? slow.sendRaw([byte])
                told += (try? slow.readWhatComes(within: .milliseconds(100))) ?? ""
            }
            told += try slow.readToEnd(within: .seconds(5))
            #expect(told.contains("<connection-timeout"))
            // TL-06: in the middle of a handshake nothing is said.
            #expect(try half.readToEnd(within: .seconds(5)).isEmpty)
            #expect(try silent.readToEnd(within: .seconds(5)).isEmpty)
            #expect(eventually(within: .seconds(4)) { node.counts?.streams == 0 })
        }
    }

    @Test func `DO-01: a flood of connections leaves nothing behind`() async throws {
        try await script {
            let node = try Self.node(loops: 2)
            let before = Self.descriptors
            for _ in 0..<10 {
                var peers: [Peer] = []
                for index in 0..<100 {
                    let peer = try Peer(dialling: node.s2s)
                    if index % 3 == 1 { try peer.send(Peer.header(from: "b.example", to: Self.target)) }
                    if index % 3 == 2 { try peer.send("<\u{0}") }
                    peers.append(peer)
                }
            }
            #expect(eventually(within: .seconds(60)) { node.counts?.streams == 0 })
            // Other tests open and close theirs meanwhile.
            #expect(eventually(within: .seconds(10)) { Self.descriptors < before + 400 })
            #expect(Self.isServed(by: node))
        }
    }

    @Test(arguments: [false, true])
    func `DO-05: a connection that breaks at any octet leaves nothing behind`(isReset: Bool) async throws {
        try await script {
            let node = try Self.node(settings: "[timeouts]\nclose = 1")
            let component = try node.connect(Self.target)
            let issued = try Network.issue("b.example")
            let header = Peer.header(from: "b.example", to: Self.target)
            for length in stride(from: 0, to: header.utf8.count, by: 7) {
                let peer = try Peer(dialling: node.s2s)
                try peer.sendRaw(Array(header.utf8.prefix(length)))
            }
            for length in 0..<Peer.startTLS.utf8.count where length % 5 == 0 {
                let peer = try Peer(dialling: node.s2s)
                try peer.open(from: "b.example", to: Self.target)
                try peer.sendRaw(Array(Peer.startTLS.utf8.prefix(length)))
            }
            for step in 0..<4 {
                let peer = try Peer(dialling: node.s2s)
                try peer.open(from: "b.example", to: Self.target)
                try peer.send(Peer.startTLS)
                try peer.read(until: Peer.proceed)
                if step == 0 { continue }
                try peer.secure(presenting: issued.identity())
                if step == 1 { continue }
                try peer.send(header)
                if step == 2 { continue }
                _ = try peer.readFeatures()
                try peer.send(Peer.auth)
                if isReset { try peer.sendRaw([UInt8](repeating: 7, count: 40)) }
            }
            #expect(eventually(within: .seconds(8)) { node.counts?.streams == 0 })
            #expect(try component.receiveNothingMore().isEmpty)
        }
    }

    @Test func `DO-05: a component that does not read stops those who send to it, and nobody else`() async throws {
        try await script {
            let network = try Network()
            let node = try Node("a", [.component(Self.target), .component("c.example")], in: network)
            let stuck = try node.connect(Self.target)
            let other = try node.connect("c.example")
            let sender = try Peer.authenticated(to: node, from: "b.example", to: Self.target)
            let elsewhere = try Peer.authenticated(to: node, from: "b.example", to: "c.example")
            let large = String(repeating: "w", count: 8_000)
            var sent = 0
            // Until the kernel's buffers and ours are full and the daemon reads no more.
            while sent < 4000 {
                do {
                    try sender.send(Peer.message("x@b.example", "u@a.example", "\(sent) \(large)"), within: .seconds(1))
                    sent += 1
                } catch HarnessFailure.timedOut {
                    break
                }
            }
            #expect(sent < 4000)
            try elsewhere.send(Peer.message("x@b.example", "u@c.example", "undisturbed"))
            #expect(try other.receive().text(of: "body") == "undisturbed")
            // And when it reads again all is there, in order.
            for number in 0..<sent {
                #expect(try stuck.receive().text(of: "body")?.hasPrefix("\(number) ") == true)
            }
        }
    }
}
