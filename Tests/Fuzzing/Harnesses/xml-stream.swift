import FuzzingProperties

/// Takes any bytes as a stream of XML.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.xmlStream.checkOrStop(start, count)
    return 0
}
