import FuzzingProperties

/// Takes any bytes as a domain or an address.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.address.checkOrStop(start, count)
    return 0
}
