import Testing
import XMPPModel

@Suite("Headers, elements and text")
struct StreamHeaderTests {
    @Test(arguments: [
        ("1.0", 1, 0), ("1.10", 1, 10), ("2.0", 2, 0), ("01.0", 1, 0), ("0.9", 0, 9), ("10.2", 10, 2),
    ])
    func `XS-04: a version is two integers`(text: String, major: Int, minor: Int) {
        #expect(StreamVersion(text) == StreamVersion(major: major, minor: minor))
    }

    @Test(arguments: ["", "1", "1.", ".1", "1.0.0", "a.b", "-1.0", "+1.0", "1.0 ", " 1.0", "1,0", "１.０"])
    func `XS-04: what is not two integers is no version`(text: String) { #expect(StreamVersion(text) == nil) }

    @Test func `XS-04: versions are compared as numbers`() throws {
        let texts = ["0.9", "1.0", "1.2", "1.10", "2.0", "10.0"]
        let versions = try texts.map { try #require(StreamVersion($0)) }
        #expect(versions.shuffled().sorted() == versions)
        #expect(StreamVersion.current.description == "1.0")
    }

    @Test func `XS-14: text is written with the predefined entities only`() {
        var output: [UInt8] = []
        XMLText.append("<&>'\"\t\n\r]]>é", to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "&lt;&amp;&gt;&apos;&quot;&#9;&#10;&#13;]]&gt;é")
    }

    @Test func `An element gives what it holds`() {
        var element = XMLElement("urn:a", "a", attributes: ["b": "1"], text: "x", [XMLElement("urn:c", "c", text: "y")])
        element.children.append(.text("z"))
        #expect(element.text == "xz")
        #expect(element.first("urn:c", "c")?.text == "y")
        #expect(element.first("urn:a", "c") == nil)
        #expect(element["b"] == "1")
        element["b"] = "2"
        element["d"] = "3"
        element.attributes.append(XMLAttribute("d", "other", namespace: "urn:d"))
        #expect(element["b"] == "2")
        element["d"] = nil
        #expect(element["d"] == nil)
        #expect(element.attributes.count == 2)
        #expect(element.language == nil)
        element.attributes.append(XMLAttribute("lang", "cs", namespace: Namespace.xml))
        #expect(element.language == "cs")
    }

    @Test func `A stream's name is read as it is written`() {
        #expect(StreamID(StreamID(17).description) == StreamID(17))
        for text in ["", "s", "17", "sx", "s-1", "t1"] { #expect(StreamID(text) == nil) }
        #expect(StreamID(2) < StreamID(10))
    }
}
