import FuzzingProperties

/// Takes any bytes as the data of a record.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.dnsRecord.checkOrStop(start, count)
    return 0
}
