/// How bad it is.
public enum VerdictLevel: String, Sendable, CaseIterable, Comparable {
    case calm = "CALM"
    case busy = "BUSY"
    case storm = "STORM"

    /// Of the online CPUs, 0...1: from here on it is busy, from there on a storm.
    public static let lostShare = (busy: 0.001, storm: 0.02)
    /// Tasks that wait on average.
    public static let waitingTasks = (busy: 0.1, storm: 1.0)

    /// - Parameter share: of the online CPUs, lost to mount_lock, 0...1.
    init(lost share: Double) { self.init(share, VerdictLevel.lostShare) }

    /// - Parameter tasks: on average.
    init(waiting tasks: Double) { self.init(tasks, VerdictLevel.waitingTasks) }

    private init(_ value: Double, _ limits: (busy: Double, storm: Double)) {
        self = value >= limits.storm ? .storm : value >= limits.busy ? .busy : .calm
    }

    private var rank: Int { self == .calm ? 0 : self == .busy ? 1 : 2 }

    public static func < (left: VerdictLevel, right: VerdictLevel) -> Bool { left.rank < right.rank }
}
