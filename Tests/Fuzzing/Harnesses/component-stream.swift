import FuzzingProperties

/// Takes any bytes as an external component.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.componentStream.checkOrStop(start, count)
    return 0
}
