import CProbe
import Contention

/// The table of rules, resolved against one kernel: what is attached where, and what is missing and why.
struct AttachPlan {
    /// A program and the instructions it goes to.
    struct Attachment: Equatable {
        let program: String
        /// Empty for fentry and fexit: the program's section names the function.
        let kprobeAddresses: [UInt64]
    }

    /// Every program to load, once each, in the table's order.
    let attachments: [Attachment]
    /// What `probe` prints.
    let rows: [AttachRow]
    /// Each series' mode, and the programs that feed it.
    let offers: [SeriesKey: Offer]

    /// Places to attach to.
    var pointCount: Int { attachments.reduce(0) { $0 + max(1, $1.kprobeAddresses.count) } }

    /// How failures of `..` are told from others.
    var dotdot: ms_dotdot {
        let programs = Set(attachments.map(\.program))
        if programs.contains("handle_dots_fails") { return MS_DOTDOT_SITES }
        return programs.contains("handle_dots") ? MS_DOTDOT_RETURNS : MS_DOTDOT_UNWATCHED
    }

    /// The walks whose second tries are counted where a validation fails.
    var walksAtFailures: Set<PathWalk> {
        let program = AttachRule.legitimize.program
        return Set(
            PathWalk.allCases.filter { walk in
                offers[SeriesKey(.walkFallbacks, site: walk.site)]?.programs.contains(program) == true
            })
    }

    /// - Parameter refusals: programs that the kernel refused when they were tried, and why.
    init(
        _ kernel: KernelMap, _ facilities: Facilities, choice: AttachChoice = .auto, refusals: [String: String] = [:],
        rules: [[AttachRule]] = AttachRule.table
    ) {
        var attachments: [Attachment] = []
        var rows: [AttachRow] = []
        var offers: [SeriesKey: Offer] = [:]
        let completeness = Completeness(kernel)
        let resolver = PointResolver(kernel: kernel, facilities: facilities, refusals: refusals)
        for ways in rules {
            let outcomes = ways.map { rule in
                (rule: rule, result: resolver.resolve(rule, choice, beside: Set(attachments.map(\.program))))
            }
            if let (rule, points) = outcomes.lazy.compactMap({ way in way.result.points.map { (way.rule, $0) } }).first
            {
                for point in points
                where !point.program.isEmpty && !attachments.contains(where: { $0.program == point.program }) {
                    attachments.append(Attachment(program: point.program, kprobeAddresses: point.kprobeAddresses))
                }
                for key in rule.feeds {
                    let rule = rule.doubted(completeness.doubt(about: key))
                    offers[key] = Offer(mode: rule.mode, programs: points.map(\.program), reason: "")
                    rows += points.map { $0.row(key, rule) }
                }
            } else if let first = outcomes.first {
                let missing = outcomes.compactMap(\.result.missing)
                let reason = Self.join(missing.map(\.reason))
                let hint = Self.join(missing.map(\.hint))
                for key in first.rule.feeds {
                    offers[key] = Offer(mode: .unavailable, programs: [], reason: reason)
                    rows.append(first.result.missingRow(key, first.rule, reason: reason, hint: hint))
                }
            }
        }
        self.attachments = attachments
        self.rows = rows
        self.offers = offers
    }

    /// Each of them once; those that say nothing left out.
    private static func join(_ remarks: [String]) -> String {
        remarks.reduce(into: [String]()) { if !$1.isEmpty, !$0.contains($1) { $0.append($1) } }.joined(separator: "; ")
    }
}
