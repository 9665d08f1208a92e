import DomainAssociation
import Glibc
import TestSupport
import Testing

extension Interop {
    /// Scenario `15-nginx-posh`: POSH documents of every form, good and bad, from a real web server.
    @Suite("15: POSH documents on nginx")
    struct PublishedDocumentTests {
        private static let scenario = "15-nginx-posh"

        /// A host below `posh.example`, what is to come of it, and what nginx is to be asked.
        struct Host: Sendable, CustomTestStringConvertible {
            let label: String
            /// Words of the reason why nothing is proved; nil where the peer's certificate is proved.
            let reason: String?
            /// As `host path status`, where `RFC` and `draft` stand for the paths, and the first host is left out.
            let requests: [String]
            var testDescription: String { label }

            static func proves(_ label: String, _ requests: String...) -> Host {
                Host(label: label, reason: nil, requests: requests)
            }

            static func fails(_ label: String, _ reason: String, _ requests: String...) -> Host {
                Host(label: label, reason: reason, requests: requests)
            }

            var lines: [String] {
                requests.map { request in
                    var words = request.split(separator: " ").map(String.init)
                    if words.count == 2 { words.insert("\(label).posh.example", at: 0) }
                    if words[1] == "RFC" { words[1] = "/.well-known/posh/xmpp-server.json" }
                    if words[1] == "draft" { words[1] = "/.well-known/posh._xmpp-server._tcp.json" }
                    return words.joined(separator: " ")
                }
            }
        }

        /// Asks each host in turn, over a server of its own.
        private static func check(_ hosts: [Host], on server: DocumentServer) throws {
            for host in hosts {
                let outcome = try server.retrieve(host.label, at: Int64(time(nil)))
                #expect(outcome.requests == host.lines, "\(host.label): \(outcome.keys)")
                #expect(outcome.extras.isSubset(of: ["-|-|-"]), "\(host.label)")
                switch (outcome.assessment, host.reason) {
                case (.proven, nil): break
                case (.inconclusive(let reason), let expected?):
                    #expect(reason.contains(expected), "\(host.label): \(reason)")
                default: Issue.record("\(host.label): \(outcome.assessment)")
                }
            }
        }

        private static let documents: [Host] = [
            .proves("fingerprints", "RFC 200"), .proves("rollover", "RFC 200"),
            .fails("stranger", "is none of those published", "RFC 200"),
            .proves("set", "RFC 404", "draft 200"), .proves("gone", "RFC 410", "draft 200"),
            .proves("set-first", "RFC 200"), .proves("both", "RFC 200"),
            .fails("nothing", "status 404", "RFC 404", "draft 404"),
            .fails("mixed", "\"url\" and keys at once", "RFC 200"),
            .fails("neither", "none of \"fingerprints\", \"keys\" and \"url\"", "RFC 200"),
            .fails("withdrawn", "\"expires\" is 0", "RFC 200"), .fails("timeless", "no \"expires\"", "RFC 200"),
            .fails("array", "not a JSON object", "RFC 200"), .fails("page", "cannot be read", "RFC 200"),
            .fails("empty", "cannot be read", "RFC 200"),
            .fails("private", "private members", "RFC 404", "draft 200"),
        ]

        @Test(arguments: [false, true])
        func `PO-01, PO-03, PO-11, PO-12, PO-17: Documents of both forms and their faults`(overHTTP1: Bool) throws {
            let server = try DocumentServer(Self.scenario, overHTTP1: overHTTP1)
            try Self.check(Self.documents, on: server)
            let outcome = try server.retrieve("full", at: Int64(time(nil)))
            #expect(outcome.protocols == [overHTTP1 ? "HTTP/1.1" : "HTTP/2.0"])
        }

        private static let ways: [Host] = [
            .proves("text", "RFC 200"), .proves("untyped", "RFC 200"), .proves("cached", "RFC 200"),
            .proves("chunked", "RFC 200"), .proves("full", "RFC 200"), .proves("gzip", "RFC 200"),
            .proves("gradual", "RFC 200"),
            .fails("large", "more than 65536 octets", "RFC 200"),
            .fails("large-chunked", "more than 65536 octets", "RFC 200"),
            .fails("gzip-always", "cannot be read", "RFC 200"),
        ]

        @Test(arguments: [false, true])
        func `PO-16, PO-22: Media types, lengths, chunks and encodings that nobody asked for`(overHTTP1: Bool) throws {
            try Self.check(Self.ways, on: DocumentServer(Self.scenario, overHTTP1: overHTTP1))
        }

        private static let answers: [Host] = [
            .fails("status-500", "status 500", "RFC 500"), .fails("status-503", "status 503", "RFC 503"),
            .fails("status-403", "status 403", "RFC 403"), .fails("status-401", "status 401", "RFC 401"),
            .fails("status-204", "status 204", "RFC 204"), .fails("demanding", "status 400", "RFC 400"),
        ]

        @Test func `PO-01, PO-21, PO-22: Only 404 and 410 lead to the draft's path, and credentials are never shown`()
            throws
        {
            try Self.check(Self.answers, on: DocumentServer(Self.scenario))
        }

        private static let impostors: [Host] = [
            .fails("self-signed", "did not prove who it is"), .fails("expired", "did not prove who it is"),
            .fails("wrong-name", "did not prove who it is"), .fails("untrusted", "did not prove who it is"),
            .fails("redirect-impostor", "did not prove who it is", "RFC 302"),
            .fails("reference-impostor", "did not prove who it is", "RFC 200"),
        ]

        @Test func `PO-02, PO-08: A web server that does not prove its name is asked nothing`() throws {
            try Self.check(Self.impostors, on: DocumentServer(Self.scenario))
        }

        private static let hosting = "hosting.example /keys.json 200"

        private static let redirections: [Host] =
            [301, 302, 303, 307, 308].map { .proves("redirect-\($0)", "RFC \($0)", hosting) } + [
                .proves("relative", "RFC 302", "/elsewhere.json 200"),
                .proves("redirect-draft", "RFC 404", "draft 302", "hosting.example /set.json 200"),
                .fails("redirect-clear", "no https URL", "RFC 302"),
                .fails("itself", "circle", "RFC 302"),
                .fails("circle", "circle", "RFC 302", "hosting.example /home.json 302"),
            ]

        @Test func `PO-19: Redirections to https are followed, each as a temporary one`() throws {
            let server = try DocumentServer(Self.scenario)
            try Self.check(Self.redirections, on: server)
            let ten = try server.retrieve("ten", at: Int64(time(nil)))
            #expect(ten.keys.material != nil && ten.requests.count == 11, "\(ten.keys)")
            let endless = try server.retrieve("endless", at: Int64(time(nil)))
            #expect(endless.requests.count == 11)
            guard case .refused(let reason) = endless.keys.content else { throw HarnessFailure.malformed("\(endless)") }
            #expect(reason.contains("more than 10 redirections"), "\(reason)")
        }

        private static let references: [Host] = [
            .proves("reference", "RFC 200", hosting), .proves("reference-moved", "RFC 302", "/moved.json 200", hosting),
            .proves("reference-draft", "RFC 404", "draft 200", "hosting.example /set.json 200"),
            .proves("reference-onward", "RFC 200", "hosting.example /onward.json 307", hosting),
            .fails(
                "reference-chain", "leads to another reference", "RFC 200", "hosting.example /second.json 200"),
            .fails("reference-itself", "leads to another reference", "RFC 200", "RFC 200"),
            .fails("reference-clear", "no https URL", "RFC 200"),
            .fails("reference-nowhere", "status 404", "RFC 200", "hosting.example /nothing.json 404"),
        ]

        @Test func `PO-08, PO-09, PO-10: References are followed once, and over https alone`() throws {
            let server = try DocumentServer(Self.scenario)
            try Self.check(Self.references, on: server)
        }

        @Test func `PO-18: The lower lifetime counts, and what HTTP says of caching does not`() throws {
            let server = try DocumentServer(Self.scenario)
            for (label, lifetime) in [
                ("reference", 60), ("rollover", 60), ("cached", 3600), ("redirect-301", 3600), ("set", 3600),
            ] {
                let outcome = try server.retrieve(label, at: Int64(time(nil)))
                let expires = try #require(outcome.keys.expires)
                #expect((lifetime - 5...lifetime).contains(Int(expires) - time(nil)), "\(label)")
                // Nobody is asked again for what still counts.
                #expect(try server.retrieve(label, at: Int64(time(nil))).requests.isEmpty)
            }
        }

        @Test func `PO-22: A document that comes too slowly is given up`() throws {
            let server = try DocumentServer(Self.scenario, timeLimit: .seconds(1))
            let outcome = try server.retrieve("slow", at: Int64(time(nil)))
            guard case .inconclusive(let reason) = outcome.assessment else {
                throw HarnessFailure.malformed("\(outcome)")
            }
            #expect(reason.contains("took too long"), "\(reason)")
        }

        @Test func `PO-22: Nobody is led to an address of our own network`() throws {
            let server = try DocumentServer(Self.scenario, allowsPrivateAddresses: false)
            try Self.check(
                [
                    .proves("fingerprints", "RFC 200"),
                    .fails("redirect-302", "which is not public", "RFC 302"),
                    .fails("reference", "which is not public", "RFC 200"),
                ], on: server)
        }
    }
}
