/// What is wrong with bytes that came over the control socket.
public enum ControlFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A frame is longer than the limit in bytes.
    case oversizedFrame(limit: Int)
    /// The other program speaks another version; the programs come from different releases.
    case unsupportedVersion(Int)
    /// A frame is not the document that belongs here.
    case malformed(String)
    /// A value that cannot be written, such as a duration that is not a number.
    case unrepresentable(String)

    /// For the operator.
    public var description: String {
        switch self {
        case .oversizedFrame(let limit): "a message on the control socket is longer than \(limit) bytes"
        case .unsupportedVersion(let version):
            "the other side speaks version \(version) of the control protocol and this program \(ControlProtocol.version);"
                + " use ligased and ligasectl of the same release"
        case .malformed(let reason): "a message on the control socket cannot be read: \(reason)"
        case .unrepresentable(let reason): "an answer cannot be written: \(reason)"
        }
    }
}
