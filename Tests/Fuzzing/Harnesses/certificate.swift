import FuzzingProperties

/// Takes any bytes as a certificate or a chain of them.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.certificate.checkOrStop(start, count)
    return 0
}
