import CProbe
import Contention
import ProbeImage

/// The programs of bpf/contention.bpf.c on the running kernel, attached until they are closed.
final class TracepointProbes {
    let object: any LoadedObject
    private let possibleCPUs: Int
    /// `ms_contention_counts` of every CPU, word by word.
    private var words: [UInt64]
    /// By `ms_contended`, then by CPU.
    private var histograms: [[Histogram]]
    private var buffer: [ms_histogram]

    private static let wordsPerCPU = MemoryLayout<ms_contention_counts>.stride / 8
    private static let lost = Int(MS_CONTENDED_ROOM)
    private static let hits = lost + Int(MS_CONTENTION_LOSSES.rawValue)

    /// - Throws: `BPFObject.Refusal` when the kernel refuses a program or a tracepoint; `ProbeError`.
    convenience init(_ plan: TracepointPlan, possibleCPUs: Int) throws {
        let object = try BPFObject(.tracepoints, name: "mountscope_wait")
        guard object.setConstants(plan.configuration),
            object.map("contention_counts", holds: ms_contention_counts.self),
            object.map("contention_histograms", holds: ms_histogram.self)
        else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        do {
            try object.load()
            for (program, tracepoint) in zip(TracepointPlan.programs, ["contention_begin", "contention_end"]) {
                try object.attachTracepoint(program, to: tracepoint)
            }
        } catch {
            object.close()
            throw error
        }
        self.init(attached: object, possibleCPUs: possibleCPUs)
    }

    /// Programs that are attached already.
    init(attached object: any LoadedObject, possibleCPUs: Int) {
        self.object = object
        self.possibleCPUs = possibleCPUs
        words = Array(repeating: 0, count: possibleCPUs * Self.wordsPerCPU)
        buffer = Array(repeating: ms_histogram(), count: possibleCPUs)
        let none = Array(repeating: Histogram.empty, count: possibleCPUs)
        histograms = Array(repeating: none, count: Int(MS_CONTENDED_HISTOGRAMS.rawValue))
    }

    /// Copies everything as it is now; histograms that have not grown are not asked for.
    func refresh() throws(ProbeError) {
        let before = words
        var error = words.withUnsafeMutableBytes { object.readElement("contention_counts", key: 0, into: $0) }
        for key in histograms.indices where error == 0 {
            let places = (0..<possibleCPUs).map { $0 * Self.wordsPerCPU + key }
            guard places.contains(where: { words[$0] != before[$0] }) else { continue }
            error = buffer.withUnsafeMutableBytes {
                object.readElement("contention_histograms", key: UInt32(key), into: $0)
            }
            for cpu in 0..<possibleCPUs where buffer[cpu].count != histograms[key][cpu].count {
                histograms[key][cpu] = Histogram(buffer[cpu])
            }
        }
        guard error == 0 else { throw ProbeError(.failed, "cannot read the eBPF maps: \(errnoText(error))") }
    }

    /// A series of these programs; nil where they have no such series.
    func value(_ key: SeriesKey) -> ReadingValue? {
        TracepointPlan.histogram(key).map { .histograms(histograms[$0]) }
    }

    /// Waits of one kind that were not measured; which operation or reader waited is not kept.
    func lost(_ loss: ms_contention_loss) -> UInt64 { sum(Self.lost + Int(loss.rawValue)) }

    /// Hits of a program.
    func hits(_ program: String) -> UInt64 {
        TracepointPlan.programs.firstIndex(of: program).map { sum(Self.hits + $0) } ?? 0
    }

    private func sum(_ word: Int) -> UInt64 {
        (0..<possibleCPUs).reduce(0) { $0 + words[$1 * Self.wordsPerCPU + word] }
    }

    func close() { object.close() }
}
