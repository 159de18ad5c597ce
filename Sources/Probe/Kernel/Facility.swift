import CProbe
import Glibc
import SiteMap
import SystemCalls

/// A kind of program that a kernel may take or refuse as a whole.
public enum Facility: String, Sendable, CaseIterable {
    /// Programs on any instruction, by address.
    case kprobes
    /// fentry and fexit programs.
    case tracing
    /// Programs that a timer on each CPU runs.
    case sampling
    /// Programs on the contention tracepoints.
    case tracepoints
}

/// What the running kernel takes. Tried, not read off its version or configuration: policies refuse whole kinds.
struct Facilities {
    /// The type number of the kprobe PMU, for perf_event_open.
    let kprobePMU: UInt32?
    /// Why there are no kprobes; nil where there are.
    let kprobeRefusal: Finding?
    /// Why there are no tracing programs; nil where there are.
    let tracingRefusal: Finding?
    /// Why no timer can run a program; nil where one can.
    var samplingRefusal: Finding?
    /// Why no tracepoint is to be used; nil where one may be.
    var tracepointRefusal: Finding?
    /// Whether programs at functions' entries need no kprobe.
    var takesEntries = false
    /// Whether the kernel makes jumps of kprobes' breakpoints (CONFIG_OPTPROBES, and not turned off).
    var makesJumps = false

    /// Where a program at a function's entry goes.
    func entry(_ entry: (first: Finding, point: EntryPoint?)) -> Finding {
        guard case .found = entry.first, !takesEntries, makesJumps, let point = entry.point else { return entry.first }
        return .found([point.address])
    }
}

extension Facilities {
    private static let pmuPath = "/sys/bus/event_source/devices/kprobe/type"

    private static let jumpsPath = "/proc/sys/debug/kprobes-optimization"

    /// - Parameter withheld: facilities to do without, as if the kernel refused them.
    init(symbols: KernelSymbols, types: (any KernelTypeReading)?, withheld: Set<Facility>) {
        let pmu = Self.number(Self.pmuPath)
        self.init(
            kprobePMU: pmu,
            kprobeRefusal: withheld.contains(.kprobes) ? Self.withheld(.kprobes) : Self.tryKprobes(pmu),
            tracingRefusal: withheld.contains(.tracing) ? Self.withheld(.tracing) : Self.tryTracing(types),
            samplingRefusal: withheld.contains(.sampling) ? Self.withheld(.sampling) : Self.trySampling(),
            tracepointRefusal: withheld.contains(.tracepoints) ? Self.withheld(.tracepoints) : nil,
            takesEntries: FunctionEntries.areAlone(symbols), makesJumps: Self.number(Self.jumpsPath) == 1)
    }

    private static func number(_ path: String) -> UInt32? {
        do throws(Errno) {
            return UInt32(try readText(path).split(separator: "\n").first ?? "")
        } catch {
            return nil
        }
    }

    private static func withheld(_ facility: Facility) -> Finding {
        .missing(reason: "\(facility.rawValue) were not to be used", hint: "leave out --without \(facility.rawValue)")
    }

    private static func tryKprobes(_ pmu: UInt32?) -> Finding? {
        guard pmu != nil else {
            return .missing(
                reason: "this kernel has no kprobes",
                hint: "a kernel with CONFIG_KPROBES=y and CONFIG_KPROBE_EVENTS=y has them")
        }
        let error = cprobe_try_kprobe()
        return error == 0 ? nil : refusal("kprobe programs", error)
    }

    private static func tryTracing(_ types: (any KernelTypeReading)?) -> Finding? {
        guard let types else {
            return .missing(reason: "this kernel has no BTF", hint: "a kernel with CONFIG_DEBUG_INFO_BTF=y has it")
        }
        guard let function = types.function("__legitimize_mnt") ?? types.function("path_lookupat") else {
            return .missing(reason: "BTF describes no function of the path walk")
        }
        let error = cprobe_try_tracing(function.id)
        return error == 0 ? nil : refusal("tracing programs (fentry, fexit)", error)
    }

    private static func trySampling() -> Finding? {
        let error = cprobe_try_sampling()
        return error == 0 ? nil : refusal("programs on the cpu-clock event", error)
    }

    private static func refusal(_ what: String, _ error: Int32) -> Finding {
        guard abs(error) == EPERM || abs(error) == EACCES else {
            return .missing(reason: "this kernel refuses \(what): \(errnoText(error))")
        }
        guard geteuid() == 0 else {
            return .missing(reason: "not permitted to load \(what): \(errnoText(error))", hint: ProbeError.needsRoot)
        }
        return .missing(
            reason: "this kernel refuses \(what): \(errnoText(error))",
            hint: "as root this is a policy of the kernel or its vendor: ask them")
    }
}
