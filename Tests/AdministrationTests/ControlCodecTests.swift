import Administration
import Testing
import XMPPModel

@Suite("The control socket's documents")
struct ControlCodecTests {
    @Test func `every request comes back as it was`() throws {
        for request in try Samples.requests() {
            let frame = try ControlCodec.encode(request)
            #expect(frame.filter { $0 == UInt8(ascii: "\n") }.count == 1)
            #expect(try ControlCodec.decodeRequest(Array(frame.dropLast())) == request)
        }
    }

    @Test func `every reply comes back as it was`() throws {
        for reply in try Samples.replies() {
            var assembler = ReplyAssembler()
            let frames = Array(ControlCodec.frames(of: reply))
            #expect(frames.count == 1)
            #expect(try assembler.receive(Array(frames[0].dropLast())) == reply)
        }
    }

    @Test func `a request is one line that a script can write`() throws {
        let frame = try ControlCodec.encode(.associations(domain: DomainName("b.example")))
        #expect(
            String(decoding: frame, as: UTF8.self)
                == "{\"command\":\"associations\",\"domain\":\"b.example\",\"protocol\":1}\n")
    }

    @Test(arguments: [
        ("", ""), ("nonsense", ""), ("[]", ""), ("{}", "“protocol” is missing"),
        ("{\"protocol\":1}", "“command” is missing"), ("{\"protocol\":1,\"command\":\"explode\"}", "“command”"),
        ("{\"protocol\":1,\"command\":\"tenants-remove\"}", "“name” is missing"),
        ("{\"protocol\":1,\"command\":\"tenants-remove\",\"name\":\"a..b\"}", "“name”: “a..b” is not a domain"),
        ("{\"protocol\":1,\"command\":\"close\",\"target\":\"\"}", "“” is neither a stream nor a domain"),
        ("{\"protocol\":1,\"command\":\"ping\",\"local\":\"a.example\"}", "“remote” is missing"),
        ("{\"protocol\":1,\"command\":\"associations\",\"domain\":7}", "“domain”"),
        ("{\"protocol\":1,\"command\":\"status\"", ""),
    ])
    func `a document that is no request is refused with the reason`(document: String, reason: String) {
        do throws(ControlFailure) {
            let request = try ControlCodec.decodeRequest(Array(document.utf8))
            Issue.record("read as \(request)")
        } catch {
            guard case .malformed(let explanation) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(reason.isEmpty || explanation.contains(reason))
        }
    }

    @Test func `deep nesting is refused, not followed`() {
        let document = Array((String(repeating: "[", count: 100_000)).utf8)
        #expect(throws: ControlFailure.self) { try ControlCodec.decodeRequest(document) }
    }

    @Test(arguments: [0, 2, 99])
    func `another version of the protocol is refused by its number`(version: Int) {
        let request = Array("{\"protocol\":\(version),\"command\":\"new-thing\"}".utf8)
        #expect(throws: ControlFailure.unsupportedVersion(version)) { try ControlCodec.decodeRequest(request) }
        let reply = Array("{\"protocol\":\(version),\"reply\":\"new-thing\"}".utf8)
        var assembler = ReplyAssembler()
        #expect(throws: ControlFailure.unsupportedVersion(version)) { try assembler.receive(reply) }
    }

    @Test func `ten thousand associations travel in many small frames`() throws {
        let template = try Samples.association()
        let list = (0..<10_000).map { index in
            var association = template
            association.stream = StreamID(UInt64(index))
            return association
        }
        var assembler = ReplyAssembler()
        var whole: AdministrationReply?
        var frames = 0
        for frame in ControlCodec.frames(of: .associations(list)) {
            #expect(whole == nil)
            #expect(frame.count < 256 * 1_024)
            frames += 1
            whole = try assembler.receive(Array(frame.dropLast()))
        }
        #expect(frames == 40)
        #expect(whole == .associations(list))
    }

    @Test(arguments: [255, 256, 257, 512])
    func `a list is cut at its borders without a loss`(count: Int) throws {
        let list = Array(repeating: try Samples.stream(), count: count)
        var assembler = ReplyAssembler()
        var whole: [AdministrationReply] = []
        for frame in ControlCodec.frames(of: .streams(list)) {
            if let reply = try assembler.receive(Array(frame.dropLast())) { whole.append(reply) }
        }
        #expect(whole == [.streams(list)])
    }

    @Test func `parts of different replies are not joined`() throws {
        let long = AdministrationReply.streams(Array(repeating: try Samples.stream(), count: 300))
        let first = try #require(Array(ControlCodec.frames(of: long)).first)
        let other = try #require(Array(ControlCodec.frames(of: .tenants([]))).first)
        let failed = try #require(
            Array(ControlCodec.frames(of: .failed(AdministrationFailure("stopped", exitCode: .software)))).first)
        var assembler = ReplyAssembler()
        #expect(try assembler.receive(first) == nil)
        var same = assembler
        #expect(throws: ControlFailure.self) { try assembler.receive(other) }
        #expect(try same.receive(failed) == .failed(AdministrationFailure("stopped", exitCode: .software)))
    }

    @Test func `a reply that cannot be written becomes a failure`() throws {
        let a = try DomainName("a.example")
        let frames = Array(
            ControlCodec.frames(of: .pinged(PingReply(local: a, remote: a, roundTrip: .infinity, stream: nil))))
        #expect(frames.count == 1)
        var assembler = ReplyAssembler()
        guard case .failed(let failure)? = try assembler.receive(frames[0]) else {
            Issue.record("no failure")
            return
        }
        #expect(failure.exitCode == .software)
    }

    @Test func `a file of tenants that is too long is refused before it is sent`() {
        let text = String(repeating: "x", count: ControlProtocol.frameLimit)
        #expect(throws: ControlFailure.oversizedFrame(limit: ControlProtocol.frameLimit)) {
            try ControlCodec.encode(.tenantsAdd(text: text, fileName: "/a"))
        }
    }
}
