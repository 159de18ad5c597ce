/// Who wants to know how far attaching has come, and may end it.
public protocol AttachObserver {
    /// Called before each probe is attached.
    /// - Throws: to end it; everything attached so far is detached then.
    func attaching(_ number: Int, of total: Int) throws
}

/// Counts probes as they are attached.
struct AttachProgress {
    private let observer: (any AttachObserver)?
    private let total: Int
    private var done = 0

    init(total: Int, observer: (any AttachObserver)?) {
        self.total = total
        self.observer = observer
    }

    /// - Throws: what the observer throws.
    mutating func step() throws {
        done += 1
        try observer?.attaching(done, of: total)
    }
}
