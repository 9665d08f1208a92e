import FuzzingProperties

/// Takes any bytes as a configuration.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.configuration.checkOrStop(start, count)
    return 0
}
