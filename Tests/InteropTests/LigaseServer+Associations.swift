import TestSupport

extension LigaseServer {
    /// The elements of `ligasectl associations --json` for one direction, without white space.
    func associations(_ direction: String) throws -> [String] {
        try control("associations", "--json").filter { !$0.isWhitespace }
            .split(separator: #"{"direction""#).map { #"{"direction""# + $0 }
            .filter { $0.hasPrefix(#"{"direction":"\#(direction)""#) }
    }

    /// The elements of `ligasectl streams --json` for streams with other servers in one direction, without white space.
    func streams(_ direction: String) throws -> [String] {
        try control("streams", "--json").filter { !$0.isWhitespace }
            .split(separator: #"{"bidirectional""#).map { #"{"bidirectional""# + $0 }
            .filter { $0.contains(#""kind":"s2s""#) && $0.contains(#""direction":"\#(direction)""#) }
    }
}
