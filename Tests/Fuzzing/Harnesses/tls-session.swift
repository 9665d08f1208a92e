import FuzzingProperties

/// Takes any bytes as the peer of a TLS session.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.tlsSession.checkOrStop(start, count)
    return 0
}
