import Contention
import Frames
import Testing

@testable import Report

@Suite struct ViewStateTests {
    private func state(_ keys: [Key]) -> (state: ViewState, requests: [ViewRequest]) {
        var state = ViewState(metric: CPUMetric.all[0])
        let requests = keys.compactMap { state.take($0, page: 10) }
        return (state, requests)
    }

    @Test("digits and Tab go through the views, both ways round")
    func views() {
        for kind in ViewKind.allCases { #expect(state([.character(kind.digit)]).state.kind == kind) }
        #expect(state([.tab]).state.kind == .who)
        #expect(state([.backTab]).state.kind == .data)
        #expect(state(Array(repeating: .tab, count: 8)).state.kind == .overview)
        #expect(state([.character("9"), .character("0")]).state == ViewState(metric: CPUMetric.all[0]))
    }

    @Test("arrows, j, k, pages and ends choose a line")
    func moves() {
        #expect(state([.down, .character("j"), .up]).state.selected == 1)
        #expect(state([.up, .character("k")]).state.selected == 0)
        #expect(state([.pageDown]).state.selected == 9)
        #expect(state([.end, .down]).state.selected == .max)
        #expect(state([.end, .home]).state.selected == 0)
        #expect(state([.down, .character("5")]).state.selected == 0)
    }

    @Test("what asks for others is asked")
    func requests() {
        let expected: [(Key, ViewRequest)] = [
            (.character("q"), .quit), (.character("r"), .reset), (.character("+"), .slower), (.character("-"), .faster),
            (.character("w"), .save), (.redraw, .redraw), (.character("b"), .turn), (.left, .step(-1)),
            (.right, .step(1)), (.character("p"), .pause(true)), (.character(" "), .pause(true)), (.enter, .open),
            (.character("c"), .keep(CPUMetric.all[1])),
            (.character("C"), .keep(CPUMetric.all[CPUMetric.all.count - 1])),
        ]
        for (key, request) in expected { #expect(state([key]).requests == [request], "\(key)") }
    }

    @Test("sorting goes through the columns and back")
    func order() {
        #expect(state([.character("s")]).state.order == .rate)
        #expect(state([.character("S")]).state.order == .longest)
        #expect(state(Array(repeating: .character("s"), count: RowOrder.allCases.count)).state.order == .fixed)
    }

    @Test("a filter is typed, kept with Enter and ended with Escape, and no key means anything else meanwhile")
    func filter() {
        let typed = state([.character("/"), .character("q"), .character("5"), .character("x"), .backspace])
        #expect(typed.state.entry == "q5" && typed.requests.isEmpty && typed.state.kind == .overview)
        #expect(state([.character("/"), .character("q"), .enter]).state.filter == "q")
        #expect(state([.character("/"), .character("q"), .escape]).state.filter == "")
        #expect(state([.character("/"), .character("q"), .enter, .escape]).state.filter == "")
    }

    @Test("keys that nobody gave a meaning do nothing")
    func others() {
        for character in "xyzXYZ!$%&()=é漢" {
            let found = state([.character(character)])
            #expect(found.state == ViewState(metric: CPUMetric.all[0]) && found.requests.isEmpty, "\(character)")
        }
    }

    @Test("every key of the help is a key")
    func help() {
        let text = ViewState.help.map { "\($0.keys) " }.joined()
        for key in ["Tab", "Enter", "Esc", "PgUp", "+", "-", "/", "space", "?", "q", "j", "k", "s", "r", "b", "c", "w"]
        {
            #expect(text.contains(key) || ViewState.help.contains { $0.effect.contains(key) }, "\(key)")
        }
    }
}

@Suite struct CPUGroupsTests {
    private let topology = CPUTopology(
        sockets: [[0, 1, 4, 5], [2, 3, 6, 7]], caches: [[0, 4], [1, 5], [2, 6], [3, 7]], cores: [[0, 4], [1, 5]])

    @Test("caches are parted by a blank, sockets by a line")
    func layout() throws {
        let groups = try #require(CPUGroups(topology, count: 8, ViewArea(column: 0, row: 0, columns: 40, rows: 4)))
        #expect(groups.titles.map(\.text) == ["socket 0", "socket 1"] && groups.titles.map(\.line) == [0, 1])
        #expect(groups.cells.map(\.cpu) == [0, 4, 1, 5, 2, 6, 3, 7])
        #expect(groups.cells.map(\.column) == [9, 10, 12, 13, 9, 10, 12, 13])
    }

    @Test("a cache that does not fit goes on in the next line; where there is no room at all nothing is grouped")
    func narrow() throws {
        let groups = try #require(CPUGroups(topology, count: 8, ViewArea(column: 0, row: 0, columns: 12, rows: 4)))
        #expect(groups.cells.map(\.line) == [0, 0, 1, 1, 2, 2, 3, 3])
        #expect(CPUGroups(topology, count: 8, ViewArea(column: 0, row: 0, columns: 12, rows: 3)) == nil)
        #expect(CPUGroups(CPUTopology(), count: 8, ViewArea(column: 0, row: 0, columns: 40, rows: 4)) == nil)
    }
}
