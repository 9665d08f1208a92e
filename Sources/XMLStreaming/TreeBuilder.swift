internal import XMPPModel

/// Puts a first-level element together from what the parser reports.
struct TreeBuilder {
    /// The element, once it is complete.
    private(set) var result: XMLElement?
    private var open: [XMLElement] = []
    private var text: [UInt8] = []

    mutating func start(_ element: XMLElement) {
        endText()
        open.append(element)
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) { text.append(contentsOf: bytes) }

    mutating func end() {
        endText()
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            result = element
        } else {
            open[open.count - 1].children.append(.element(element))
        }
    }

    /// The parser reports text in pieces of its own choosing; they are one node.
    private mutating func endText() {
        guard !text.isEmpty, !open.isEmpty else { return }
        open[open.count - 1].children.append(.text(String(decoding: text, as: UTF8.self)))
        text.removeAll()
    }
}
