import EventLoops
import TestSupport

@testable import Federation

extension Node {
    /// What its loops share, which nobody outside sees.
    var shared: FederationShared? {
        let service = service
        return wait { await service.shared }
    }

    /// What is still kept of streams that pairs share, and of attempts, on all loops; nothing when there are no streams.
    var sharingRemains: Int? {
        let service = service
        return wait {
            var remains = 0
            for switchboard in await service.shared.allSwitchboards {
                remains +=
                    await switchboard.ask { loop in
                        let shares = loop.shares
                        return shares.distant.count + shares.guests.count + shares.addresses.count
                            + shares.askers.count + shares.wishes.count + loop.attempts.count
                    } ?? 0
            }
            return remains
        }
    }
}
