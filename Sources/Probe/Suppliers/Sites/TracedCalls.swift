/// Which functions around refused calls are traced, and why others are not.
struct TracedCalls: Equatable {
    /// Their first addresses.
    private(set) var attached: [String: UInt64] = [:]
    private(set) var refused: [String: String] = [:]

    /// What is to be attached for these calls, as far as it can be told without trying.
    init(_ calls: [RefusedCall], _ kernel: KernelMap, _ facilities: Facilities) {
        let functions = calls.map { ($0.entry, 1) } + calls.map { ($0.slowPath, nil) }
        for (function, parameters) in functions {
            if let refusal = facilities.tracingRefusal {
                refused[function] = refusal.reason
                continue
            }
            switch kernel.traceable(function, parameters) {
            case .found(let addresses): attached[function] = addresses.first
            case .missing(let reason, _): refused[function] = reason
            }
        }
    }

    mutating func refuse(_ function: String, _ reason: String) {
        attached[function] = nil
        refused[function] = reason
    }
}
