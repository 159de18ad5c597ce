import Contention
import Frames
import Glibc
import Recording
import Report
import SystemCalls
import Testing

@testable import MountscopeCommands
@testable import Terminal

/// Frames of recorded runs, held against files. With MOUNTSCOPE_WRITE_GOLDEN=1 in the environment the files are written anew:
/// look at the difference before it is committed.
@Suite struct GoldenFrameTests {
    /// What went on in the intervals of the recorded run: nothing, a load with a rate, as much load as there can be.
    enum Scene: String, CaseIterable {
        case calm, busy, storm, native

        var interval: Int {
            switch self {
            case .calm: 3
            case .busy: 12
            case .storm: 13
            case .native: 6
            }
        }

        var run: String { self == .native ? "native" : "guest" }
    }

    private static let sizes = [
        FrameSize(columns: 80, rows: 24), FrameSize(columns: 120, rows: 40), FrameSize(columns: 270, rows: 70),
    ]
    private static let styles: [(name: String, style: FrameStyle)] = [
        ("colour", FrameStyle(colours: .indexed, glyphs: .unicode)),
        ("none", FrameStyle(colours: .none, glyphs: .unicode)),
        ("ascii", FrameStyle(colours: .none, glyphs: .ascii)),
    ]

    static func folder(_ name: String) -> String {
        let here = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(here)/Fixtures/\(name)"
    }

    /// The live view of a recorded run after so many intervals.
    static func model(_ run: String, intervals: Int, _ style: FrameStyle) throws -> LiveModel {
        let run = try RunReader(folder(run)).run
        var replay = try Replay(run, speed: nil, waiter: Impatient(), clock: { 0 })
        var model = LiveModel(
            host: run.description.host, attachTable: run.description.attachTable, method: "",
            source: .live(interval: run.description.plan.interval), style: style)
        while replay.count < intervals, case .interval(let bundle) = try replay.next() { model.append(bundle) }
        return model
    }

    /// Lines with the sequences that give them their looks: `cat` shows them.
    private func text(_ frame: Frame, _ colours: FrameStyle.Colours) -> String {
        guard colours != .none else { return frame.lines.map { $0 + "\n" }.joined() }
        var text = ""
        for row in 0..<frame.size.rows {
            var ink = Ink.plain
            for column in 0..<frame.size.columns where !frame[column, row].isContinued {
                if frame[column, row].ink != ink {
                    ink = frame[column, row].ink
                    text += Palette(colours).sequence(ink)
                }
                text.append(frame[column, row].character)
            }
            text += Palette(colours).sequence(.plain) + "\n"
        }
        return text
    }

    private func compare(_ frame: Frame, _ name: String, _ colours: FrameStyle.Colours) throws {
        let found = text(frame, colours)
        let path = GoldenFrameTests.folder("Frames/\(name).txt")
        if getenv("MOUNTSCOPE_WRITE_GOLDEN") != nil {
            try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC).write(Array(found.utf8))
        }
        let expected = try readText(path)
        #expect(found == expected, "\(name): the frame is now\n\(frame.lines.joined(separator: "\n"))")
    }

    @Test("the overview of recorded runs is as it was, at three sizes and in three styles", arguments: Scene.allCases)
    func overview(scene: Scene) throws {
        for (name, style) in Self.styles {
            let model = try Self.model(scene.run, intervals: scene.interval, style)
            for size in Self.sizes {
                let file = "overview-\(scene.rawValue)-\(size.columns)x\(size.rows)-\(name)"
                try compare(model.frame(size), file, style.colours)
            }
        }
    }

    private static let otherViews = ViewKind.allCases.filter { $0 != .overview }

    @Test("the other views of a storm are as they were", arguments: otherViews)
    func views(kind: ViewKind) throws {
        for (name, style) in Self.styles {
            var model = try Self.model("guest", intervals: Scene.storm.interval, style)
            for size in Self.sizes.prefix(2) {
                _ = model.press(.character(kind.digit), size)
                let file = "\(kind.title.lowercased())-\(size.columns)x\(size.rows)-\(name)"
                try compare(model.frame(size), file, style.colours)
            }
        }
    }

    @Test("2, 64, 192 and 512 CPUs have a cell each, the busiest are named", arguments: [2, 64, 192, 512])
    func cpus(count: Int) throws {
        for (name, style) in Self.styles {
            var model = LiveModel(
                host: ManyCPUs.host(count), attachTable: [], method: "", source: .live(interval: 1_000_000_000),
                style: style)
            for sequence in 1...20 { model.append(IntervalBundle(ManyCPUs.interval(sequence, cpus: count))) }
            let size = Self.sizes[0]
            _ = model.press(.character("5"), size)
            let frame = model.frame(size)
            let body = frame.lines.dropFirst(5).dropLast().joined(separator: "\n")
            #expect(body.contains("busiest: cpu") && !body.contains("CPUs more"))
            try compare(frame, "cpus-\(count)-\(name)", style.colours)
        }
    }

    @Test("CPUs whose topology is known stand by socket, node and cache", arguments: [64, 192, 512])
    func groupedCPUs(count: Int) throws {
        for (name, style) in Self.styles {
            var host = ManyCPUs.host(count)
            host.topology = ManyCPUs.topology(count)
            var model = LiveModel(
                host: host, attachTable: [], method: "", source: .live(interval: 1_000_000_000), style: style)
            for sequence in 1...20 { model.append(IntervalBundle(ManyCPUs.interval(sequence, cpus: count))) }
            let size = Self.sizes[0]
            _ = model.press(.character("5"), size)
            let frame = model.frame(size)
            #expect(frame.lines.contains { $0.contains("\(count) CPUs: 2 x \(count / 16) x 8") })
            #expect(frame.lines.contains { $0.hasPrefix("socket 1 node 1 ") })
            try compare(frame, "cpus-\(count)-grouped-\(name)", style.colours)
        }
    }

    @Test("verdict, CPUs lost, tasks waiting, first writer, first payer and trust stand in their lines")
    func fixedLines() throws {
        for scene in Scene.allCases where scene != .native {
            for size in Self.sizes {
                let lines = try Self.model(scene.run, intervals: scene.interval, Self.styles[1].style).frame(size).lines
                let head = lines[1...2].joined(separator: " ")
                #expect(head.hasPrefix(scene.rawValue.uppercased()), "\(head)")
                #expect(head.contains("of 4 CPUs lost to mount_lock: "))
                #expect(head.contains("for namespace_sem"))
                #expect(lines[3].hasPrefix("DATA   ") && lines[3].contains(" lost"))
                #expect(lines.contains { $0.hasPrefix("WRITES ") } && lines.contains { $0.hasPrefix("PAYS ") })
                guard scene != .calm else { continue }
                #expect(lines.contains { $0.hasPrefix("WRITES path_mount ") })
                #expect(lines.contains { $0.hasPrefix("PAYS   ") && $0.contains(" %") })
            }
        }
    }

    @Test("no frame is wider or higher than its window, and small windows say what fits")
    func sizes() throws {
        let model = try Self.model("guest", intervals: 13, Self.styles[1].style)
        for columns in [20, 50, 60, 79, 80, 100, 159, 160, 200] {
            for rows in [5, 12, 20, 24, 39, 45, 70] {
                for kind in ViewKind.allCases {
                    let size = FrameSize(columns: columns, rows: rows)
                    var model = model
                    _ = model.press(.character(kind.digit), size)
                    let lines = model.frame(size).lines
                    #expect(lines.count == rows && lines.allSatisfy { CharacterWidth.columns($0) <= columns })
                    if columns >= 30, columns < 50 || rows < 12 {
                        #expect(lines.contains("too small: \(columns)x\(rows)"))
                    }
                }
            }
        }
    }
}

/// A machine with many CPUs and numbers that are always the same.
enum ManyCPUs {
    static func host(_ count: Int) -> HostConditions {
        var host = HostConditions()
        host.hostname = "large"
        host.kernelRelease = "6.12.0"
        host.possibleCPUs = count
        host.onlineCPUs = Array(0..<count)
        host.cores = max(1, count / 2)
        host.sockets = 2
        host.numaNodes = 2
        return host
    }

    /// Two sockets of one node each, caches of four cores with two threads; second threads are numbered behind all first ones.
    static func topology(_ count: Int) -> CPUTopology {
        let half = count / 2
        func threads(_ cores: Range<Int>) -> [Int] { Array(cores) + cores.map { $0 + half } }
        let sockets = [threads(0..<half / 2), threads(half / 2..<half)]
        return CPUTopology(
            sockets: sockets, nodes: sockets, caches: stride(from: 0, to: half, by: 4).map { threads($0..<$0 + 4) },
            cores: (0..<half).map { [$0, $0 + half] })
    }

    /// A few CPUs do most, one is offline.
    static func interval(_ sequence: Int, cpus: Int) -> Interval {
        let counts = (0..<cpus).map { cpu -> UInt64 in
            let mixed = UInt64((cpu &* 2_654_435_761 &+ sequence &* 40_503) & 0xFFFF)
            return cpu % 37 == 5 ? 20_000 + mixed : mixed % 7 == 0 ? 0 : mixed % 900
        }
        let series = [
            SeriesInterval(
                key: SeriesKey(.readRetries, site: "walk"), mode: .exact, reason: nil,
                all: .count(counts.reduce(0, +)), byCPU: counts.map(Delta.count), lost: 0),
            SeriesInterval(
                key: SeriesKey(.cpusOnline), mode: .exact, reason: nil, all: .count(UInt64(cpus)),
                byCPU: (0..<cpus).map { .count($0 == cpus - 1 && cpus > 2 ? 0 : 1) }, lost: nil),
        ]
        return Interval(
            sequence: sequence, endMonotonic: UInt64(sequence) * 1_000_000_000,
            endRealtime: 1_709_164_800_000_000_000 + Int64(sequence) * 1_000_000_000, elapsed: 1_000_000_000,
            series: series)
    }
}
