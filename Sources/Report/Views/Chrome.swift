import Contention
import Frames

/// The lines that every view has: machine and time, verdict, data, and the views.
struct Chrome {
    let input: ViewInput

    /// Above the body.
    static let headLines = 4

    func draw(_ frame: inout Frame) {
        title(&frame)
        verdict(&frame)
        tabs(&frame)
    }

    private func title(_ frame: inout Frame) {
        let width = frame.size.columns
        frame.paint(.bar, columns: 0..<width, row: 0)
        let clock = input.moment.map { String(Timestamp.rfc3339($0.endRealtime, digits: 0).suffix(9)) } ?? ""
        let limit = max(0, width - clock.count - 1)
        var column = 0
        for word in words(limit) { column = frame.write(word, column: column, row: 0, .bar, limit: limit) + 2 }
        frame.write(clock, column: width - clock.count, row: 0, .bar)
    }

    /// What fits, whole: where there is little room the pace matters more than how long it has run, the CPUs, and the kernel.
    private func words(_ limit: Int) -> [String] {
        let cpus = (input.history.online ?? input.host.cpus).map { Units.amount($0, "CPU") } ?? ""
        var words = ["mountscope", input.host.hostname, input.host.kernelRelease, cpus, pace, up]
        for place in [5, 3, 2, 0] {
            let shown = words.filter { !$0.isEmpty }
            let needed = shown.reduce(-2) { $0 + CharacterWidth.columns($1) + 2 }
            if needed <= limit { return shown }
            words[place] = ""
        }
        return words.filter { !$0.isEmpty }
    }

    private var pace: String {
        let paused =
            input.state.isPaused
            ? "PAUSED" + (input.state.age > 0 ? " \(Units.amount(input.state.age, "interval")) back" : "") : ""
        switch input.source {
        case .live(let interval): return paused.isEmpty ? "every \(Units.round(interval))" : paused
        case .replay(_, true): return "REPLAY, at its end"
        case .replay(let speed, false):
            let way = speed < 0 ? " backwards" : ""
            return "REPLAY x\(Units.rate(abs(speed)))\(way)" + (paused.isEmpty ? "" : " \(paused)")
        }
    }

    private var up: String { input.history.total > 0 ? "up \(Units.elapsed(input.history.total))" : "" }

    private func verdict(_ frame: inout Frame) {
        guard let moment = input.moment else {
            frame.write("measuring the first interval", column: 0, row: 1)
            return
        }
        let words = VerdictWords(moment.verdict, moment.sheet, who: moment.who)
        for (index, line) in words.lines(width: frame.size.columns, atMost: 2).enumerated() {
            frame.write(line, column: 0, row: 1 + index)
        }
        frame.paint(ink(moment.verdict.level), columns: 0..<words.level.count, row: 1)
        frame.write(data(moment).line(width: frame.size.columns), column: 0, row: 3)
        frame.paint(.strong, columns: 0..<4, row: 3)
    }

    /// With the latest change up to then.
    private func data(_ moment: Moment) -> DataWords {
        let change = input.history.changes.last { $0.endRealtime <= moment.endRealtime }
        return DataWords(
            moment.trust,
            change: change.map { change in
                let time = Timestamp.rfc3339(change.endRealtime, digits: 0).suffix(9)
                return "\(change.change.brief(among: input.history.keys)) at \(time)"
            })
    }

    private func ink(_ level: VerdictLevel?) -> Ink {
        switch level {
        case .calm: .calm
        case .busy: .busy
        case .storm: .storm
        case nil: .strong
        }
    }

    private func tabs(_ frame: inout Frame) {
        let row = frame.size.rows - 1
        let width = frame.size.columns
        frame.paint(.bar, columns: 0..<width, row: row)
        if let entry = input.state.entry {
            frame.write("/\(entry)_  Enter keeps the filter, Esc ends it", column: 0, row: row, .bar)
            return
        }
        if let message = input.state.message {
            frame.write(message, column: 0, row: row, .bar)
            return
        }
        let tail = "?  q quit"
        var column = 0
        for kind in ViewKind.allCases {
            let ink: Ink = kind == input.state.kind ? .chosen : .bar
            let name = "\(kind.digit) \(kind.title)"
            // Where there is no room for the names, the digits are enough.
            let needed = width - tail.count - 1 >= ViewKind.tabsWidth
            column = frame.write(needed ? name : String(kind.digit), column: column, row: row, ink) + 1
        }
        let filter = input.state.filter.isEmpty ? "" : "/\(input.state.filter)  "
        let text = column + filter.count + tail.count <= width ? filter + tail : tail
        frame.write(text, column: max(column, width - CharacterWidth.columns(text)), row: row, .bar)
    }
}

extension ViewKind {
    /// Columns that all names take.
    static let tabsWidth = allCases.reduce(0) { $0 + $1.title.count + 3 } - 1
}
