internal import Glibc

/// The whole of a text file; invalid UTF-8 is repaired. Empty if there is no such file.
public func contents(ofFile path: String) -> String {
    let file = Descriptor(open(path, O_RDONLY | O_CLOEXEC))
    guard file.number >= 0 else { return "" }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = piece.withUnsafeMutableBytes { read(file.number, $0.baseAddress, $0.count) }
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += piece[..<count]
    }
}
