import FuzzingProperties

/// Takes any bytes as Base64 or hexadecimal digits.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.textEncoding.checkOrStop(start, count)
    return 0
}
