import CProbe
import Glibc
import SystemCalls

/// What one run of a program costs, its way in and out included. Found by trying, before and after the probes are
/// attached: the kernel's own statistics would cost every program of the machine, and leave the way out.
struct ProbePrices: Sendable, Equatable {
    /// Nanoseconds a hit of a kprobe.
    let kprobe: Double
    /// Nanoseconds a hit of a fentry or fexit program.
    let tracing: Double

    /// Prices outside of this are slips of a busy machine: a breakpoint takes a few microseconds at most, but an emulator
    /// may take many.
    static let plausible = 20.0...50_000.0
    /// Where nothing could be tried: of a kprobe that is a breakpoint, and of fexit, on hardware of the 2020s.
    static let assumed = ProbePrices(kprobe: 500, tracing: 60)

    /// Nanoseconds that a run of a program takes.
    func run(_ program: AttachedProgram) -> Double {
        switch program.kind {
        case .kprobe: kprobe
        case .tracing, .call: tracing
        case .timer(let price): Double(price)
        }
    }

    /// Nanoseconds of CPU time that all of its runs took. Programs that were taken off run, and cost, until the kernel has
    /// detached the last of their probes; many take seconds.
    func cost(_ program: AttachedProgram) -> Double { Double(program.hits) * run(program) }
}

/// Times system calls that run into probes, as fast as they ever are.
struct PriceTrial {
    /// Nanoseconds a call; nil where it cannot be made (mount_setattr before 5.12).
    let toggle: Double?
    let walk: Double

    private static let rounds = 24
    private static let callsARound = 16

    /// A write section of mount_lock on a mount that nobody else can see, and a path walk.
    static func run() -> PriceTrial {
        let mount = cprobe_detached_mount()
        defer { if mount >= 0 { close(mount) } }
        let works = mount >= 0 && cprobe_toggle_mount(mount, true) == 0
        var status = stat()
        return PriceTrial(
            toggle: works ? fastest { cprobe_toggle_mount(mount, $0 % 2 == 0) } : nil,
            walk: fastest { _ in stat("/proc/self", &status) })
    }

    /// What a call takes when nothing comes between, in nanoseconds.
    private static func fastest(_ call: (Int) -> Int32) -> Double {
        var best = UInt64.max
        for _ in 0..<rounds {
            let began = Clocks.monotonic()
            for index in 0..<callsARound { _ = call(index) }
            best = min(best, Clocks.monotonic() - began)
        }
        return Double(best) / Double(callsARound)
    }

    /// Calls that `run` makes of each kind.
    static let calls = rounds * callsARound
}

extension ProbePrices {
    /// How much of a run is its way in and out, for each part of it that the kernel times.
    static let wayInAndOut = 1.0

    /// What the calls became slower by is all of the price, but busy machines hide it, and in a storm most hits are not the
    /// trial's. What the kernel times is a part of it, the same in every trial: the price is never less, and at most a few
    /// times as much.
    /// - Parameters:
    ///   - before: without probes.
    ///   - after: with them.
    ///   - kprobeHits: hits of kprobes in the trial after; most are the toggles'.
    ///   - tracingHits: hits of fentry and fexit programs in it; most are the walks'.
    ///   - kprobeTime: what the kernel timed of the kprobes' programs; nil where it times none.
    ///   - tracingTime: of the others.
    init(
        _ before: PriceTrial, _ after: PriceTrial, kprobeHits: UInt64, tracingHits: UInt64,
        kprobeTime: RunTime? = nil, tracingTime: RunTime? = nil
    ) {
        func price(
            _ before: Double?, _ after: Double?, _ hits: UInt64, _ time: RunTime?, _ assumed: Double
        ) -> Double {
            let inside = time?.mean
            let around = inside.map { $0 * (1 + Self.wayInAndOut) } ?? assumed
            guard let before, let after, hits > UInt64(PriceTrial.calls / 2) else { return around }
            let added = (after - before) * Double(PriceTrial.calls) / Double(hits)
            guard added > inside ?? Self.plausible.lowerBound else { return around }
            return min(added, Self.plausible.upperBound)
        }
        kprobe = price(before.toggle, after.toggle, kprobeHits, kprobeTime, Self.assumed.kprobe)
        tracing = price(before.walk, after.walk, tracingHits, tracingTime, Self.assumed.tracing)
    }
}
