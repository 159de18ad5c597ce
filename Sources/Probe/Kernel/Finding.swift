/// Something of the kernel that was looked for: where it is, or why it is not known.
enum Finding: Sendable {
    /// One or several addresses, ascending.
    case found([UInt64])
    case missing(reason: String, hint: String = "")

    var reason: String { if case .missing(let reason, _) = self { reason } else { "" } }
    var hint: String { if case .missing(_, let hint) = self { hint } else { "" } }

    var address: UInt64? {
        if case .found(let addresses) = self { addresses.first } else { nil }
    }

    static let needsMemory = Finding.missing(reason: "kernel memory cannot be read", hint: ProbeError.needsRoot)
    static var needsAddresses: Finding {
        let hidden = StartConditions.current.hiddenAddresses
        return .missing(reason: hidden.message, hint: hidden.hint)
    }
}
