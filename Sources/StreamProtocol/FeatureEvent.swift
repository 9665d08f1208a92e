public import XMPPModel

/// What happens to a feature.
public enum FeatureEvent: Hashable, Sendable {
    /// The initiating side's turn has come; the element is what the peer announces, nil when it announces nothing.
    case advertised(XMLElement?)
    /// A first-level element in one of the feature's namespaces.
    case received(XMLElement)
}
