import Routing
import Testing
import XMPPModel

@Suite("The worked example of a backend")
struct MovedBackendTests {
    @Test func `a message is answered with where the domain is now`() throws {
        var backend = MovedBackend(destination: try DomainName("new.example"))
        let message = Stanza(.message, from: "u@a.example", to: "v@old.example", id: "1", type: "chat")
        let actions = backend.handle(.stanzasRouted([message]))
        guard actions.count == 1, case .submit(let answers) = actions[0], let answer = answers.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(answer.isError && answer.from == "v@old.example" && answer.to == "u@a.example" && answer.id == "1")
        #expect(String(decoding: answer.bytes, as: UTF8.self).contains("moved to new.example"))
        #expect(backend.handle(.stanzasRouted(answers)) == [], "an error is not answered")
    }

    @Test(arguments: [BackendEvent.connected, .closedByPeer, .deadlinePassed, .closeRequested(nil)])
    func `events of connections are none of its business`(event: BackendEvent) throws {
        var backend = MovedBackend(destination: try DomainName("new.example"))
        #expect(backend.handle(event) == [])
    }
}
