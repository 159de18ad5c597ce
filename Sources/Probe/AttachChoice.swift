/// Which probes to attach.
public enum AttachChoice: String, Sendable, CaseIterable {
    /// For every series the best way this kernel has: instructions, else functions.
    case auto
    /// Only instructions that run when somebody spins, locks or fails.
    case cold
    /// Only the entries and exits of functions.
    case function
    /// No probe: the sequence, and samples.
    case sample
    /// The best way for every series, and samples.
    case all

    /// Whether a way may be taken.
    func allows(_ way: AttachWay) -> Bool {
        switch (self, way) {
        case (_, .memory), (.auto, _), (.all, _), (.cold, .cold), (.function, .function): true
        // There is only one way to these events, and path walks do not pass it.
        case (.cold, .table), (.function, .table): true
        default: false
        }
    }
}

/// How a rule reaches its events.
public enum AttachWay: String, Sendable {
    /// A word of kernel memory is read.
    case memory
    /// Instructions that run only when somebody spins, locks or fails.
    case cold
    /// Entries and exits of functions that every path walk calls.
    case function
    /// Some of both.
    case mixed
    /// Tracepoints of the kernel: no instruction is changed, but everybody's contention passes by.
    case tracepoint
    /// What only readers of the mount tables and second passes of prepend_path come by.
    case table
}
