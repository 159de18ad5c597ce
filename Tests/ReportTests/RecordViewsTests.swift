import Contention
import Frames
import Testing

@testable import Report

@Suite struct RecordViewsTests {
    private let size = FrameSize(columns: 100, rows: 24)

    /// Two processes: one mounts, one waits for it and reads mountinfo again and again. Names are hostile.
    private func bundle(_ sequence: Int, records: Bool = true) -> IntervalBundle {
        var batch = RecordBatch()
        if records, sequence == 1 {
            batch.actors = [
                ActorRow(
                    number: 1, process: 812, command: "containerd", container: "containerd.service", firstSequence: 1),
                ActorRow(number: 2, process: 99, command: "漢\u{1B}[2J字", container: "pod", firstSequence: 1),
            ]
        }
        if records {
            batch.tasks = [
                TaskRow(.init(actor: 1, series: SeriesKey(.writeAcquires, site: "")), count: 98, nanoseconds: nil),
                TaskRow(
                    .init(actor: 1, series: SeriesKey(.semaphoreWriteHold, site: "mount")), count: 98,
                    nanoseconds: 5_000_000),
                TaskRow(
                    .init(actor: 2, series: SeriesKey(.readWait, site: "mountinfo")), count: 7, nanoseconds: 40_000_000),
                TaskRow(
                    .init(actor: 2, series: SeriesKey(.readHold, site: "mountinfo")), count: 7, nanoseconds: 9_000_000),
            ]
            var scan = ScanRow(.init(actor: 2, table: .mountinfo, namespace: MountNamespace(id: 1, inode: 4)))
            (scan.complete, scan.abandoned, scan.redundant, scan.buffer, scan.hold) = (7, 0, 6, 1024, 9_000_000)
            batch.scans = [scan]
            batch.blame = [
                BlameRow(
                    .init(writer: 1, operation: "mount", victim: 2, metric: .readWait), count: 7,
                    nanoseconds: 40_000_000)
            ]
        }
        let series = SeriesInterval(
            key: SeriesKey(.writeSections), mode: .exact, reason: nil, all: .count(100), byCPU: [], lost: 0)
        let interval = Interval(
            sequence: sequence, endMonotonic: UInt64(sequence) * 1_000_000_000,
            endRealtime: Int64(sequence) * 1_000_000_000, elapsed: 1_000_000_000, series: [series])
        return IntervalBundle(interval, records: batch)
    }

    private func model(records: Bool = true, replay: Bool = false) -> LiveModel {
        var model = LiveModel(
            host: HostConditions(), attachTable: [], method: "",
            source: replay ? .replay(speed: 1, isOver: false) : .live(interval: 1_000_000_000),
            style: FrameStyle(colours: .none, glyphs: .unicode))
        for sequence in 1...2 { model.append(bundle(sequence, records: records)) }
        return model
    }

    private func lines(_ keys: [Key], records: Bool = true, replay: Bool = false) -> [String] {
        var model = model(records: records, replay: replay)
        for key in keys { _ = model.press(key, size) }
        return model.frame(size).lines
    }

    @Test("Who has a line for each process, in its own columns whatever its name")
    func who() throws {
        let lines = lines([.character("2")])
        let header = try #require(lines.first { $0.hasPrefix("PROCESS") })
        let victim = try #require(lines.first { $0.hasPrefix("漢") })
        #expect(!lines.joined().utf8.contains(0x1B) && victim.contains("\\x1B"))
        #expect(header.contains("WAITED/s") && victim.contains("40.0 ms"))
        #expect(lines.contains { $0.hasPrefix("containerd[812]") && $0.contains("98.0") && $0.contains("5.00 ms") })
        #expect(lines.allSatisfy { CharacterWidth.columns($0) <= size.columns })
    }

    @Test("with processes known the verdict names the first writer, and the overview who pays")
    func names() {
        let lines = lines([])
        #expect(lines[1...2].joined().contains("containerd[812] makes 100 % of the writes."))
        #expect(lines.contains { $0.hasPrefix("WRITES containerd[812] 100 %") })
        #expect(lines.contains { $0.hasPrefix("PAYS   漢") && $0.contains("100 %") })
    }

    @Test("Scans and Blame are sums since the start")
    func sums() {
        let scans = lines([.character("3")])
        #expect(
            scans.contains { $0.hasPrefix("漢") && $0.contains("14") && $0.contains("12") && $0.contains("1.02 kB") })
        let blame = lines([.character("4")])
        #expect(
            blame.contains { $0.hasPrefix("containerd[812]") && $0.contains("read_wait") && $0.contains("80.0 ms") })
    }

    @Test("where nothing is known the view says what turns it on, and shows nothing else")
    func missing() {
        for key in ["2", "3", "4", "7"] {
            let text = lines([.character(Character(key))], records: false).joined(separator: "\n")
            #expect(text.contains("--who on"), "\(key)")
            let recorded = lines([.character(Character(key))], records: false, replay: true).joined(separator: "\n")
            #expect(recorded.contains("record it with --who on"), "\(key)")
        }
    }

    @Test("live, what is looked at while paused stays; a replay shows what it reads")
    func paused() {
        for replay in [false, true] {
            var model = model(replay: replay)
            model.state.isPaused = true
            model.append(bundle(3))
            #expect(model.shown?.sequence == (replay ? 3 : 2))
            let isKept = model.show(-1)
            #expect(isKept)
            #expect(model.shown?.sequence == (replay ? 2 : 1))
            let request = model.press(.right, size)
            #expect(request == (replay ? .step(1) : nil))
            #expect(model.shown?.sequence == 2)
        }
    }

    @Test("a filter is for all tables")
    func filter() {
        let keys: [Key] = [.character("2"), .character("/")] + "containerd".map { .character($0) } + [.enter]
        let lines = lines(keys)
        #expect(lines.contains { $0.hasPrefix("containerd") } && !lines.contains { $0.hasPrefix("漢") })
    }
}
