import Testing

/// Ligase beside other people's servers. One test at a time: each has several daemons on a small machine.
@Suite("Interoperation with Prosody and ejabberd", .serialized, .tags(.interop), .timeLimit(.minutes(2)))
struct Interop {}

extension Tag {
    /// Needs Prosody and ejabberd installed, and the package's programs built.
    @Tag static var interop: Self
}
