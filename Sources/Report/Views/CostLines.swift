import Contention

/// The lines of the table of rows: a heading for each lock, its rows, and the sites of those that are unfolded.
struct CostLines {
    enum Line: Equatable {
        case lock(Subject)
        case row(CostRow)
        case site(CostRow, CostPart)
    }

    let lines: [Line]

    init(_ input: ViewInput) {
        guard let moment = input.moment else {
            lines = []
            return
        }
        let filter = input.state.filter.lowercased()
        var lines: [Line] = []
        for lock in [Subject.mountLock, .namespaceSem] {
            let rows = CostLines.sorted(CostRow.allCases.filter { $0.lock == lock }, input.state.order) { moment[$0] }
            var group: [Line] = []
            for row in rows {
                let isNamed = filter.isEmpty || row.rawValue.contains(filter)
                let parts = CostLines.sorted(moment.sheet.parts(row), input.state.order) { $0.numbers }
                let named = parts.filter { filter.isEmpty || isNamed || $0.site.lowercased().contains(filter) }
                guard isNamed || !named.isEmpty else { continue }
                group.append(.row(row))
                let isOpen = input.state.unfolded.contains(row) || !isNamed
                if isOpen {
                    group += named.map { .site(row, $0) }
                }
            }
            if !group.isEmpty { lines += [.lock(lock)] + group }
        }
        self.lines = lines
    }

    /// The greatest first; what is not known last.
    private static func sorted<Element>(
        _ elements: [Element], _ order: RowOrder, _ numbers: (Element) -> CostNumbers
    ) -> [Element] {
        guard order != .fixed else { return elements }
        func value(_ element: Element) -> Double {
            let numbers = numbers(element)
            switch order {
            case .fixed: return 0
            case .rate: return numbers.rate?.value ?? -1
            case .time: return numbers.time?.value ?? -1
            case .p99: return numbers.p99.map { Double($0) } ?? -1
            case .longest: return numbers.longest.map { Double($0) } ?? -1
            }
        }
        return elements.enumerated().sorted { left, right in
            let (one, other) = (value(left.element), value(right.element))
            return one == other ? left.offset < right.offset : one > other
        }.map(\.element)
    }
}

/// Which lines of many are shown: the chosen one among them.
struct Scroll: Equatable {
    let selected: Int
    let visible: Range<Int>

    /// - Parameters:
    ///   - wanted: the chosen line; beyond the end it is the last one.
    ///   - room: lines that fit.
    init(wanted: Int, count: Int, room: Int) {
        selected = max(0, min(wanted, count - 1))
        let room = max(1, room)
        let first = max(0, min(selected - room / 2, count - room))
        visible = first..<min(count, first + room)
    }
}
