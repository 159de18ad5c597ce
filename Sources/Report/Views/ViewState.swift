import Contention

/// The views of the live screen, in the order of their keys.
public enum ViewKind: Int, Sendable, CaseIterable {
    case overview, who, scans, blame, cpus, times, findings, data

    /// As on the line of the views.
    public var title: String {
        switch self {
        case .overview: "Overview"
        case .who: "Who"
        case .scans: "Scans"
        case .blame: "Blame"
        case .cpus: "CPUs"
        case .times: "Times"
        case .findings: "Findings"
        case .data: "Data"
        }
    }

    /// 1 for the first.
    public var digit: Character { Character(String(rawValue + 1)) }

    /// The one behind it, or the first behind the last.
    func next(_ step: Int) -> ViewKind {
        let all = ViewKind.allCases
        return all[(rawValue + step + all.count) % all.count]
    }
}

/// What rows are sorted by.
public enum RowOrder: String, Sendable, CaseIterable {
    case fixed = "as listed"
    case rate = "RATE/s"
    case time = "TIME/s"
    case p99 = "P99"
    case longest = "MAX"
}

/// What somebody has chosen to see. A pure value; keys change it (`ViewState.take`).
public struct ViewState: Sendable, Equatable {
    public var kind = ViewKind.overview
    /// The chosen line of the view; of text the first that is shown.
    public var selected = 0
    /// Rows whose sites are shown.
    public var unfolded: Set<CostRow> = []
    public var order = RowOrder.fixed
    /// Only lines that contain it; empty for all.
    public var filter = ""
    /// The filter while it is typed; nil otherwise.
    public var entry: String?
    public var isHelp = false
    /// Whether what is shown stays as it is.
    public var isPaused = false
    /// Intervals back from the latest.
    public var age = 0
    /// Of `CPUMetric.all`.
    public var metric: Metric
    /// Something to be told once, in the place of the views' line.
    public var message: String?

    public init(metric: Metric) { self.metric = metric }

    /// Another interval has come: what is looked at while paused stays.
    public mutating func advance(kept: Int) {
        guard isPaused else { return }
        age = min(age + 1, max(0, kept - 1))
    }
}

/// What a key asks of those who have the source and the terminal.
public enum ViewRequest: Sendable, Equatable {
    case quit
    /// Forget the worst values.
    case reset
    /// Longer and shorter intervals; in a replay slower and faster.
    case slower, faster
    /// Keep this metric by CPU.
    case keep(Metric)
    /// The screen as a text file.
    case save
    /// Everything anew.
    case redraw
    /// In a replay: the other direction.
    case turn
    /// One interval back or ahead, which may be one that is not kept.
    case step(Int)
    case pause(Bool)
    /// The sites of the chosen line.
    case open
}
