internal import ArgumentParser

/// The scenarios, in the order in which they run.
enum ScenarioName: String, CaseIterable, ExpressibleByArgument {
    /// 200-byte messages over 8 streams in, one component out.
    case inbound
    /// One component in, 200-byte messages over 16 streams out.
    case outbound
    /// 16-KB messages in.
    case inbound16k = "inbound-16k"
    /// Streams opened, proved and closed by remote servers.
    case handshake
    /// Streams that the server opens for the first stanza to each domain.
    case dial
    /// Memory of streams on which nothing happens.
    case idle
    /// Delay at a fixed rate.
    case latency
}
