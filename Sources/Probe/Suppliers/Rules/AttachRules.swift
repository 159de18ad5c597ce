import Contention
import SiteMap

/// Where a program attaches, as a rule that holds on every kernel.
struct AttachPoint: Sendable {
    enum Place: Sendable {
        /// Nothing is attached: the sequence is read when a snapshot is taken.
        case memory(variable: String, @Sendable (KernelMap) -> Finding)
        /// fentry or fexit, by name: one function of this name, with this many parameters where the program uses any.
        case tracing(kind: String, function: String, parameters: Int?)
        /// A kprobe on one or several instructions, by address.
        case kprobe(@Sendable (KernelMap) -> Finding)
        /// At a function's first instruction, or as a kprobe on one near it.
        case entry(@Sendable (KernelMap) -> (first: Finding, point: EntryPoint?))
    }

    /// The program's name in bpf/mountscope.bpf.c; empty for a memory read.
    let program: String
    let place: Place
}

/// One way to a set of series: all of its points, or none.
struct AttachRule: Sendable {
    let feeds: [SeriesKey]
    let way: AttachWay
    let points: [AttachPoint]
    var mode: Mode
    /// Without a required rule there is nothing to report.
    var required = false
    /// Functions whose text tells callers apart; each must be in kallsyms.
    var needsSymbols: [String] = []
    /// Programs that would count the same events a second time.
    var excludes: Set<String> = []
    /// What the mode means here; empty for exact.
    var note = ""
}

extension AttachRule {
    /// The rule, with what keeps its counts from being exact where there is something.
    func doubted(_ doubt: String?) -> AttachRule {
        guard let doubt, mode == .exact else { return self }
        var rule = self
        (rule.mode, rule.note) = (.estimated, doubt)
        return rule
    }

    /// The table: for every group of series the ways to it, the best first.
    static let table: [[AttachRule]] = ofSequence + ofFunctions

    /// What is read of the sequence.
    static let ofSequence: [[AttachRule]] = [[writeSections]]

    /// What is attached to path walks and to the functions of the mount tables.
    static let ofFunctions: [[AttachRule]] =
        [
            [lookupAndWalkCold, lookupAndWalk], [dotdotCold, dotdotMixed, dotdot], [dPath, dPathEstimated],
        ]
        + PathWalk.allCases.map(fallbacks)
        + [
            mountTable("mountinfo", shownBy: "show_mountinfo"), mountTable("mounts", shownBy: "show_vfsmnt"),
            mountTable("mountstats", shownBy: "show_vfsstat"),
        ]

    /// Every function that fentry or fexit goes to.
    static var tracedFunctions: Set<String> {
        var names: Set<String> = []
        for point in table.joined().flatMap(\.points) {
            if case .tracing(_, let function, _) = point.place { names.insert(function) }
        }
        return names
    }

    private static let writeSections = AttachRule(
        feeds: [SeriesKey(.writeSections)], way: .memory,
        points: [AttachPoint(program: "", place: .memory(variable: "mount_lock") { $0.mountLock })],
        mode: .exact, required: true)

    static let legitimize = AttachPoint(
        program: "legitimize_mnt", place: .tracing(kind: "fexit", function: "__legitimize_mnt", parameters: 2))

    private static let legitimizeFails = AttachPoint(
        program: "legitimize_mnt_fails", place: .kprobe { $0.failures(in: "__legitimize_mnt") })

    private static let lookupAndWalkCold = AttachRule(
        feeds: [SeriesKey(.readRetries, site: "lookup"), SeriesKey(.readRetries, site: "walk")], way: .cold,
        points: [legitimizeFails], mode: .exact, needsSymbols: ["_stext", "_etext", "__legitimize_mnt", "lookup_mnt"])

    private static let dotdotCold = AttachRule(
        feeds: [SeriesKey(.readRetries, site: "dotdot")], way: .cold,
        points: [
            AttachPoint(program: "handle_dots_fails", place: .kprobe { $0.failures(in: "handle_dots") }),
            legitimizeFails,
        ],
        mode: .exact, needsSymbols: ["_stext", "_etext", "__legitimize_mnt", "handle_dots"])

    /// Where handle_dots shares its failure blocks with other errors. Apart from `dotdot`, so that no failure of
    /// `__legitimize_mnt` is counted by two programs.
    private static let dotdotMixed = AttachRule(
        feeds: [SeriesKey(.readRetries, site: "dotdot")], way: .mixed, points: [handleDots, legitimizeFails],
        mode: .exact, needsSymbols: ["_stext", "_etext", "__legitimize_mnt", "handle_dots"])

    private static let handleDots = AttachPoint(
        program: "handle_dots", place: .tracing(kind: "fexit", function: "handle_dots", parameters: 2))

    private static let lookupAndWalk = AttachRule(
        feeds: [SeriesKey(.readRetries, site: "lookup"), SeriesKey(.readRetries, site: "walk")], way: .function,
        points: [legitimize], mode: .exact, needsSymbols: ["_stext", "_etext", "__legitimize_mnt", "lookup_mnt"])

    private static let dotdot = AttachRule(
        feeds: [SeriesKey(.readRetries, site: "dotdot")], way: .function,
        points: [handleDots, legitimize], mode: .exact,
        needsSymbols: ["_stext", "_etext", "__legitimize_mnt", "handle_dots"])

    private static let dPath = AttachRule(
        feeds: [SeriesKey(.readRetries, site: "d_path")], way: .table,
        points: [AttachPoint(program: "prepend_path_locks", place: .kprobe { $0.pathLocks })], mode: .exact)

    private static let dPathEstimated = AttachRule(
        feeds: [SeriesKey(.readRetries, site: "d_path")], way: .function,
        points: [
            AttachPoint(
                program: "prepend_path_enter",
                place: .tracing(kind: "fentry", function: "prepend_path", parameters: nil)),
            AttachPoint(
                program: "prepend_path_exit", place: .tracing(kind: "fexit", function: "prepend_path", parameters: nil)),
        ],
        mode: .estimated,
        note: "upper bound: the sequence moved during prepend_path, two to three times as often as it retries")

    /// At the instructions that begin a walk anew after the one in RCU mode gave up. Or where it gives up, at the exits of two
    /// functions that are watched for `retries` anyway. Or at the exits of the walk.
    private static func fallbacks(_ walk: PathWalk) -> [AttachRule] {
        let exit = AttachPoint.Place.tracing(kind: "fexit", function: walk.rawValue, parameters: 3)
        func rule(_ way: AttachWay, _ points: [AttachPoint]) -> AttachRule {
            AttachRule(feeds: [SeriesKey(.walkFallbacks, site: walk.site)], way: way, points: points, mode: .exact)
        }
        var atFailures = rule(.function, [legitimize, handleDots])
        atFailures.needsSymbols = ["_stext", "_etext", "__legitimize_mnt", "lookup_mnt", "handle_dots", walk.rawValue]
        atFailures.excludes = [legitimizeFails.program]
        return [
            rule(.cold, [AttachPoint(program: "\(walk.site)_redone", place: .kprobe { $0.redoneWalks(walk) })]),
            atFailures,
            rule(.function, [AttachPoint(program: walk.rawValue, place: exit)]),
        ]
    }

    /// With two probes on the way of a page that is had at once; or, where waiting is no function of its own, with a third
    /// one on every acquisition. What stands behind its call in down_read is often shared with those who did not wait.
    private static func mountTable(_ site: String, shownBy function: String) -> [AttachRule] {
        func slowPath(_ program: String, _ kind: String) -> AttachPoint {
            AttachPoint(
                program: program, place: .tracing(kind: kind, function: "rwsem_down_read_slowpath", parameters: nil))
        }
        // The begin of a wait too: a page whose end of it was skipped is told from one that was had at once.
        let waits = [
            [slowPath("read_waits", "fentry"), slowPath("read_waited", "fexit")],
            [AttachPoint(program: "m_start_acquired", place: .kprobe { $0.tables.acquired })],
        ]
        let start = AttachPoint(program: "m_start", place: .entry { ($0.tables.start, $0.tables.startPoint) })
        let stop = AttachPoint(program: "m_stop", place: .entry { ($0.tables.stop, $0.tables.stopPoint) })
        return waits.map { wait in
            AttachRule(
                feeds: [SeriesKey(.readWait, site: site), SeriesKey(.readHold, site: site)], way: .table,
                points: [start] + wait + [stop],
                mode: .exact, needsSymbols: [function])
        }
    }
}
