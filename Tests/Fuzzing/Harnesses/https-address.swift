import FuzzingProperties

/// Takes any bytes as a URL and a redirection from there.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.httpsAddress.checkOrStop(start, count)
    return 0
}
