import Testing

/// Ligase beside other people's servers. One test at a time: each has several daemons on a small machine.
@Suite(
    "Interoperation with Prosody, ejabberd, nsd, unbound and nginx", .serialized, .tags(.interop),
    .timeLimit(.minutes(2)))
struct Interop {}

extension Tag {
    /// Needs Prosody, ejabberd, nsd, unbound and nginx installed, and the package's programs built.
    @Tag static var interop: Self
}
