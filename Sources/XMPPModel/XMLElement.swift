/// An attribute of an element.
public struct XMLAttribute: Hashable, Sendable {
    /// The namespace, or nil for an attribute without a prefix.
    public var namespace: String?
    /// The local name.
    public var name: String
    /// The value, with entities resolved.
    public var value: String

    /// Makes an attribute; `namespace` is nil for nearly all of XMPP's, and ``Namespace/xml`` for `xml:lang`.
    public init(_ name: String, _ value: String, namespace: String? = nil) {
        self.namespace = namespace
        self.name = name
        self.value = value
    }
}

/// An element as a tree: for negotiation, and for those who must look inside a stanza.
///
/// A stanza that is only carried is never one of these (see ``Stanza``).
public struct XMLElement: Hashable, Sendable {
    /// What an element contains.
    public enum Node: Hashable, Sendable {
        /// A child element.
        case element(XMLElement)
        /// Character data, with entities resolved.
        case text(String)
    }

    /// The namespace; empty for none.
    public var namespace: String
    /// The local name.
    public var name: String
    /// The attributes in document order.
    public var attributes: [XMLAttribute]
    /// The children in document order.
    public var children: [Node]

    /// Makes an element; attributes without a namespace are given as a dictionary literal in order.
    public init(
        _ namespace: String, _ name: String, attributes: KeyValuePairs<String, String> = [:], text: String? = nil,
        _ elements: [XMLElement] = []
    ) {
        self.namespace = namespace
        self.name = name
        self.attributes = attributes.map { XMLAttribute($0.key, $0.value) }
        children = elements.map { .element($0) }
        if let text { children.insert(.text(text), at: 0) }
    }

    /// The value of an attribute that has no namespace; setting nil removes it.
    public subscript(attribute: String) -> String? {
        get { attributes.first { $0.namespace == nil && $0.name == attribute }?.value }
        set {
            let index = attributes.firstIndex { $0.namespace == nil && $0.name == attribute }
            switch (index, newValue) {
            case (let index?, let value?): attributes[index].value = value
            case (let index?, nil): attributes.remove(at: index)
            case (nil, let value?): attributes.append(XMLAttribute(attribute, value))
            case (nil, nil): break
            }
        }
    }

    /// `xml:lang`, or nil.
    public var language: String? {
        attributes.first { $0.namespace == Namespace.xml && $0.name == "lang" }?.value
    }

    /// The child elements.
    public var elements: [XMLElement] {
        children.compactMap { node in
            guard case .element(let element) = node else { return nil }
            return element
        }
    }

    /// The character data directly in this element.
    public var text: String {
        children.reduce(into: "") { text, node in
            if case .text(let piece) = node { text += piece }
        }
    }

    /// The first child with this name.
    public func first(_ namespace: String, _ name: String) -> XMLElement? {
        elements.first { $0.is(namespace, name) }
    }

    /// Whether the element has this name.
    public func `is`(_ namespace: String, _ name: String) -> Bool { self.name == name && self.namespace == namespace }
}
