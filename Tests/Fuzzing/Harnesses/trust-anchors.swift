import FuzzingProperties

/// Takes any bytes as a text of trust anchors.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.trustAnchors.checkOrStop(start, count)
    return 0
}
