import FuzzingProperties

/// Takes any bytes as the peer of an initiating stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.initiatingStream.checkOrStop(start, count)
    return 0
}
