import FuzzingProperties

/// Takes any bytes as a POSH document.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.poshDocument.checkOrStop(start, count)
    return 0
}
