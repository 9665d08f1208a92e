/// What a connection tells its owner, on its loop. After a close by the owner nothing is told any more.
public protocol TCPConnectionDelegate: AnyObject {
    /// Bytes came. They lie in the loop's shared buffer and are gone when this returns.
    func connection(_ connection: TCPConnection, received bytes: UnsafeRawBufferPointer)

    /// What could be read in this turn has been: the moment to work through a batch.
    func connectionFinishedReading(_ connection: TCPConnection)

    /// The peer will send no more; all it sent was delivered before. Writing may still go on (half-close), until the
    /// owner closes. When sending was shut down as well the connection has closed itself.
    func connectionReachedEnd(_ connection: TCPConnection)

    /// The connection broke and is closed; what came before was delivered.
    func connection(_ connection: TCPConnection, failed failure: ConnectionFailure)

    /// The output fell to the low-water mark after it had reached the high-water mark.
    func connectionDidDrain(_ connection: TCPConnection)
}

extension TCPConnectionDelegate {
    /// Does nothing: the owner works on bytes as they come.
    public func connectionFinishedReading(_ connection: TCPConnection) {}

    /// Does nothing: the owner never stops for a full buffer.
    public func connectionDidDrain(_ connection: TCPConnection) {}
}
