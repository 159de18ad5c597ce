/// Whether the mount locks are the problem, and how bad it is: CPUs lost to mount_lock, and tasks that wait.
///
/// The CPUs lost are those that spin until a write section ends, those that wait for the spinlock, and those that walk a path
/// again. On PREEMPT_RT who waits for the spinlock sleeps: there no CPU is lost so, and the tasks are counted.
public struct LockVerdict: Sendable, Equatable {
    /// Online CPUs; nil where unknown.
    public var cpus: Int?
    /// CPUs on average that spin until a write section ends; nil where unknown, as in all that follow.
    public var spinning: Amount?
    /// CPUs on average that wait for the spinlock.
    public var waiting: Amount?
    /// CPUs on average that do a walk again, at `pricePerWalk`.
    public var walkingAgain: Amount?
    /// Tasks on average that wait for namespace_sem.
    public var semaphoreWaiters: Amount?
    /// Tasks on average that sleep until they have mount_lock (PREEMPT_RT); nil on other kernels.
    public var sleepers: Amount?

    /// Whether spins or waits are from samples, because nothing counts them here.
    public var isSampled = false

    /// Nanoseconds that a walk in ref-walk mode takes which did not come to its end in RCU mode: an estimate.
    public static let pricePerWalk = 2_000.0

    public init() {}

    /// CPUs on average that are lost to mount_lock; nil where nothing is known.
    public var lost: Amount? { Amount.sum([spinning, waiting, walkingAgain]) }

    /// The part of the online CPUs that is lost at the very least, 0...1: a single sample is no storm.
    public var lostShare: Double? {
        guard let lost, let cpus, cpus > 0 else { return nil }
        return lost.least / Double(cpus)
    }

    /// The worse of both locks, by what is lost and waits at the very least; nil where nothing is known of either.
    public var level: VerdictLevel? {
        let levels = [
            lostShare.map(VerdictLevel.init(lost:)), semaphoreWaiters.map { VerdictLevel(waiting: $0.least) },
            sleepers.map { VerdictLevel(waiting: $0.least) },
        ]
        return levels.compactMap { $0 }.max()
    }

    /// How bad it is as one number, to find the worst of several: 1 is where a storm begins; nil where nothing is known.
    public var severity: Double? {
        let parts = [
            lostShare.map { $0 / VerdictLevel.lostShare.storm },
            semaphoreWaiters.map { $0.least / VerdictLevel.waitingTasks.storm },
            sleepers.map { $0.least / VerdictLevel.waitingTasks.storm },
        ]
        return parts.compactMap { $0 }.max()
    }
}
