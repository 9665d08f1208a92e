internal import Administration
internal import Diagnostics

/// What the metrics tell of the daemon as a whole, beside what is counted.
struct DaemonFigures: Sendable {
    var version: String
    /// Seconds since 1970.
    var started: Int64
    var hostedDomains: Int
    /// Hosted domains whose backend is there.
    var connectedDomains: Int
    var isReady: Bool
    var listeners: [StatusReply.Listener]
    /// When the first of the certificates in use ends, in seconds since 1970; nil when there is none.
    var earliestExpiry: Int64?

    var families: [MetricFamily] {
        var families = [
            MetricFamily(
                "ligase_build_info", .gauge, "Always 1; the version is the label.",
                samples: [.init(1, [.init("version", version)])]),
            gauge("ligase_start_time_seconds", "When the daemon started, in seconds since 1970.", Int(started)),
            gauge("ligase_ready", "Whether /readyz says that the daemon is ready.", isReady ? 1 : 0),
            gauge("ligase_hosted_domains", "Hosted domains.", hostedDomains),
            gauge("ligase_connected_domains", "Hosted domains whose backend is connected now.", connectedDomains),
            MetricFamily(
                "ligase_listener_up", .gauge, "Whether a listener accepts connections.",
                samples: listeners.map { listener in
                    .init(
                        listener.up ? 1 : 0, [.init("listener", listener.name), .init("address", listener.address)])
                }),
        ]
        if let earliestExpiry {
            families.append(
                gauge(
                    "ligase_certificate_earliest_expiry_seconds",
                    "When the first of our certificates in use expires, in seconds since 1970.", Int(earliestExpiry)))
        }
        return families
    }

    private func gauge(_ name: String, _ summary: String, _ value: Int) -> MetricFamily {
        MetricFamily(name, .gauge, summary, samples: [.init(value)])
    }
}
