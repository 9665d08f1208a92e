/// What stands behind a descriptor of a loop's readiness set.
protocol ReadinessObserver: AnyObject {
    /// The descriptor is ready; called on the loop, never after its registration ended.
    func becameReady(_ readiness: Readiness)

    /// The loop ends: release the descriptor and call nobody. The registration has already ended.
    func loopStopped()
}
