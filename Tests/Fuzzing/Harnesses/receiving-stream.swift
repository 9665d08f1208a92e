import FuzzingProperties

/// Takes any bytes as the peer of a receiving stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.receivingStream.checkOrStop(start, count)
    return 0
}
