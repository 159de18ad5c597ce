import Contention

/// Series that are had from around system calls, because the calls' bodies refuse probes.
extension LockSiteSeries {
    /// A function that is traced for a series, and by which program.
    struct TracedPoint: Equatable {
        let program: CallProgram
        let function: String
        let address: UInt64
    }

    /// The call of a body that refuses probes, where a series can be had from around it.
    private func call(_ key: SeriesKey, _ body: String) -> RefusedCall? {
        plan.refusedCalls.first { $0.body == body && ($0.wait == key || $0.hold == key) }
    }

    /// Why a series cannot be had from around a body that refuses probes: empty where nobody tried; nil where it can.
    func whyUnseen(_ key: SeriesKey, _ body: String) -> String? {
        guard let calls, let call = call(key, body) else { return "" }
        if calls.attached[call.entry] == nil { return calls.refused[call.entry] ?? "" }
        guard key == call.wait, calls.attached[call.slowPath] == nil else { return nil }
        return calls.refused[call.slowPath] ?? ""
    }

    /// What is traced for a series; nothing where all of it is seen at instructions, or none of it.
    func points(_ key: SeriesKey) -> [TracedPoint] {
        guard let calls else { return [] }
        let mine = plan.refusedCalls.filter { $0.wait == key || $0.hold == key }
        func points(_ programs: [CallProgram], _ function: String) -> [TracedPoint] {
            guard let address = calls.attached[function] else { return [] }
            return programs.reversed().map { TracedPoint(program: $0, function: function, address: address) }
        }
        let seen = mine.filter { calls.attached[$0.entry] != nil }
        let waits = Set(seen.map(\.slowPath)).sorted().flatMap { points(CallProgram.ofWaits, $0) }
        return seen.flatMap { points(CallProgram.ofCalls, $0.entry) } + waits
    }

    /// What a series that is had from around a body says, and what it does not.
    func callNote(_ key: SeriesKey, _ body: String) -> String {
        guard let call = call(key, body) else { return "" }
        if key == call.wait { return "0 where \(call.slowPath) was not called: the kernel refuses probes in \(body)" }
        let begin =
            calls?.attached[call.slowPath] == nil
            ? "from the call's entry, its wait included," : "from the call's entry or the end of its wait"
        return call.isWriter
            ? "\(begin) to the release, where \(body) takes it: the kernel refuses probes there"
            : "\(begin) to its return: the kernel refuses probes in \(body)"
    }
}
