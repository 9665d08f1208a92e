import Testing

/// Conversations as text, run against the real stream values and the real parser and writer.
@Suite("Scenarios")
struct ScenarioTests {
    @Test(arguments: ScenarioFolder.scenarios.compactMap { try? $0.get() }, [Int.max, 1])
    func `a conversation goes as it is written, however it arrives`(scenario: Scenario, pieceSize: Int) {
        do throws(ScenarioFault) {
            try ScenarioRunner.run(scenario, piecesOf: pieceSize)
        } catch {
            Issue.record("\(scenario.title)\n\(error.reason)", sourceLocation: scenario.location(error.line))
        }
    }

    @Test func `every scenario can be read, and its title begins with its row`() {
        #expect(ScenarioFolder.scenarios.count >= 30)
        for case .failure(let fault) in ScenarioFolder.scenarios { Issue.record("line \(fault.line): \(fault.reason)") }
        for case .success(let scenario) in ScenarioFolder.scenarios {
            let row = scenario.title.prefix { $0 != ":" && $0 != "," }
            #expect(row.wholeMatch(of: /[A-Z]{2}-[0-9]{2}/) != nil, "\(scenario.path)")
        }
    }

    @Test func `a scenario that does not go as written is found out, with its line`() throws {
        let text = """
            # XS-00: nothing of this is so.
            peer is associated  a.example to b.example
            peer sends          <message from='x@c.example' to='u@b.example'/>
            ligase closes       not-authorized
            """
        let scenario = try Scenario(path: "wrong.scenario", text: text)
        let fault = #expect(throws: ScenarioFault.self) { try ScenarioRunner.run(scenario) }
        #expect(fault?.line == 4)
        #expect(fault?.reason.contains("invalid-from") == true)
    }
}
