import Contention
import SystemCalls

/// Write sections, by the sequence itself: exact and free on every kernel.
final class SequenceSupplier: SeriesSupplier {
    private let plan: AttachPlan
    private let read: () -> UInt32?
    private var counter: SequenceCounter?
    /// Since the beginning, as of the latest refresh.
    private(set) var sections: UInt64 = 0

    /// - Parameter read: the sequence's word.
    init(_ kernel: KernelMap, _ facilities: Facilities, read: @escaping () -> UInt32?) {
        plan = AttachPlan(kernel, facilities, rules: AttachRule.ofSequence)
        self.read = read
    }

    func begin(_ prices: ProbePrices) throws {
        guard let first = read() else {
            throw ProbeError(.unavailable, "mount_lock's sequence cannot be read", hint: "is the kernel locked down?")
        }
        counter = SequenceCounter(first: first, at: Clocks.monotonic())
    }

    func offer(_ key: SeriesKey) -> Offer? { plan.offers[key] }

    func rows(_ key: SeriesKey) -> [AttachRow] { plan.rows.filter { $0.key == key } }

    func refresh(_ moment: ReadingMoment) throws(ProbeError) {
        guard counter != nil else { return }
        sections = counter?.sections(at: try word(), moment: Clocks.monotonic()) ?? 0
    }

    func value(_ key: SeriesKey) -> ReadingValue {
        guard let counter else { return .unavailable(reason: "nothing measures it") }
        return counter.gap.map { .unavailable(reason: $0) } ?? .total(counter.total)
    }

    /// The same, read again: between the two everything else of this refresh was read.
    func sectionsNow() throws(ProbeError) -> UInt64 {
        // A copy: the next interval begins where this refresh began.
        guard var copy = counter else { return 0 }
        return copy.sections(at: try word(), moment: Clocks.monotonic())
    }

    private func word() throws(ProbeError) -> UInt32 {
        guard let word = read() else {
            throw ProbeError(.failed, "mount_lock's sequence can no longer be read")
        }
        return word
    }

    /// Why the sections since the beginning are not known; nil where they are.
    var lastingGap: String? { counter?.lasting }
}
