import Contention

/// A key and what it does: the help is made of these.
public struct KeyHelp: Sendable {
    public let keys: String
    public let effect: String
}

extension ViewState {
    /// Every key, as the help shows them.
    public static let help: [KeyHelp] = [
        KeyHelp(keys: "1 ... 8, Tab", effect: "another view"),
        KeyHelp(keys: "up down, j k", effect: "choose a line; PgUp PgDn a page, Home End the ends"),
        KeyHelp(keys: "Enter", effect: "the sites of a row (kernel functions, operations); again: without them"),
        KeyHelp(keys: "Esc", effect: "close the help, the filter, the sites; end the pause"),
        KeyHelp(keys: "s S", effect: "sort by another column, forwards and backwards"),
        KeyHelp(keys: "/", effect: "show only lines that contain what is typed; Enter keeps it, Esc ends it"),
        KeyHelp(keys: "p, space", effect: "pause and go on; counting goes on meanwhile"),
        KeyHelp(keys: "left right", effect: "an interval back or ahead in history; pauses"),
        KeyHelp(keys: "r", effect: "MAX and the distributions begin anew"),
        KeyHelp(keys: "+ -", effect: "longer and shorter intervals; in a replay faster and slower"),
        KeyHelp(keys: "b", effect: "in a replay: backwards, and forwards again"),
        KeyHelp(keys: "c C", effect: "another metric by CPU, the one before"),
        KeyHelp(keys: "w", effect: "write the screen to a text file"),
        KeyHelp(keys: "Ctrl-L", effect: "draw the screen anew"),
        KeyHelp(keys: "?, h", effect: "this help"),
        KeyHelp(keys: "q, Ctrl-C", effect: "end, with a summary"),
    ]

    /// Takes a key.
    /// - Parameter page: lines that a page has.
    /// - Returns: what it asks for; nil where the state is all.
    public mutating func take(_ key: Key, page: Int) -> ViewRequest? {
        message = nil
        if entry != nil { return type(key) }
        switch key {
        case .character(let character): return take(character)
        case .tab: show(kind.next(1))
        case .backTab: show(kind.next(-1))
        case .up: move(-1)
        case .down: move(1)
        case .pageUp: move(-max(1, page - 1))
        case .pageDown: move(max(1, page - 1))
        case .home: selected = 0
        case .end: selected = .max
        case .enter: return .open
        case .escape: return escape()
        case .left: return .step(-1)
        case .right: return .step(1)
        case .redraw: return .redraw
        case .backspace: break
        }
        return nil
    }

    private mutating func take(_ character: Character) -> ViewRequest? {
        if let digit = character.wholeNumberValue, character.isASCII, let kind = ViewKind(rawValue: digit - 1) {
            show(kind)
            return nil
        }
        switch character {
        case "q": return .quit
        case "?", "h": isHelp.toggle()
        case "j": move(1)
        case "k": move(-1)
        case "s", "S":
            let all = RowOrder.allCases
            let place = (all.firstIndex(of: order) ?? 0) + (character == "s" ? 1 : all.count - 1)
            order = all[place % all.count]
        case "/": entry = filter
        case "p", " ": return .pause(!isPaused)
        case "r": return .reset
        case "+": return .slower
        case "-": return .faster
        case "b": return .turn
        case "c", "C":
            let all = CPUMetric.all
            let place = (all.firstIndex(of: metric) ?? 0) + (character == "c" ? 1 : all.count - 1)
            metric = all[place % all.count]
            return .keep(metric)
        case "w": return .save
        default: break
        }
        return nil
    }

    private mutating func type(_ key: Key) -> ViewRequest? {
        switch key {
        case .character(let character): entry?.append(character)
        case .backspace: entry = entry.map { String($0.dropLast()) }
        case .enter:
            filter = entry ?? ""
            entry = nil
            selected = 0
        case .escape:
            entry = nil
            filter = ""
        case .redraw: return .redraw
        default: break
        }
        return nil
    }

    private mutating func escape() -> ViewRequest? {
        if isHelp {
            isHelp = false
        } else if !filter.isEmpty {
            filter = ""
        } else if !unfolded.isEmpty {
            unfolded = []
        } else if isPaused {
            return .pause(false)
        }
        return nil
    }

    private mutating func show(_ kind: ViewKind) {
        isHelp = false
        guard kind != self.kind else { return }
        self.kind = kind
        selected = 0
    }

    private mutating func move(_ lines: Int) {
        let (sum, overflows) = selected.addingReportingOverflow(lines)
        selected = overflows ? .max : max(0, sum)
    }
}
