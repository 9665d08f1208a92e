/// A place that cannot be listened at.
public struct ListenFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address, path or descriptor.
    public let place: String
    /// The call that failed and why.
    public let error: SystemError

    /// The place and the reason, as `127.0.0.1:5269: bind: Address already in use`.
    public var description: String { "\(place): \(error)" }
}
