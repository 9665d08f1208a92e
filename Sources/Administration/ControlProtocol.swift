/// The numbers of the control socket.
///
/// Each frame is one JSON document and a line feed, in either direction; the daemon answers a request with one or more
/// frames, all but the last marked `more`, and takes the next request on the same connection.
public enum ControlProtocol {
    /// The version that both programs must speak; it changes when a document of the old form would be misread.
    public static let version = 1
    /// The longest frame in bytes, without its line feed.
    public static let frameLimit = 16 * 1_048_576
    /// How many elements of a list travel in one frame, so that no single piece of work is long.
    public static let elementsPerFrame = 256
    /// Where the daemon listens unless the configuration says otherwise.
    public static let defaultSocket = "/run/ligase/control.sock"
}
