import FuzzingProperties

/// Takes any bytes as the peer of the control socket.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.controlSocket.checkOrStop(start, count)
    return 0
}
