/// The programs of bpf/refused_calls.bpf.c, by their names and in the order of `ms_call_program`.
enum CallProgram: String, CaseIterable {
    case entered = "call_entered"
    case returned = "call_returned"
    case waitBegins = "call_wait_begins"
    case waitEnds = "call_wait_ends"

    static let names = allCases.map(\.rawValue)
    /// fentry and fexit of a call; the exit is attached first, so that no entry is left without one.
    static let ofCalls: [CallProgram] = [.returned, .entered]
    static let ofWaits: [CallProgram] = [.waitEnds, .waitBegins]

    /// `fentry` or `fexit`
    var attachKind: String { self == .entered || self == .waitBegins ? "fentry" : "fexit" }
}
