import FuzzingProperties

/// Takes any bytes as a DNS message.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzedParser.dnsMessage.checkOrStop(start, count)
    return 0
}
