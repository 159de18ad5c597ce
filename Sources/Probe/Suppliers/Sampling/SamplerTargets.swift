import CProbe
import SiteMap

/// What the sampler looks at: the locks' words, and the loops and functions that CPUs wait in.
struct SamplerTargets {
    /// The functions that have such a loop, ascending; a finding each.
    let functions: [String]
    /// Addresses and ranges; all but the loops' may be 0 where they are not known.
    let configuration: ms_sampler_config
    /// The word that tells whether the spinlock is taken is known.
    let knowsSpinlock: Bool

    /// Functions in which interrupts come on again when a semaphore has been granted (kernel/locking/rwsem.c).
    static let grants: Set<String> = [
        "_raw_spin_unlock_irq", "_raw_spin_unlock_irqrestore", "rwsem_down_read_slowpath", "rwsem_down_write_slowpath",
    ]

    init(_ kernel: KernelMap) {
        let spins = Self.spins(kernel)
        let room = Int(MS_FINDINGS) - Int(MS_FOUND_SPINS.rawValue)
        functions = Array(Set(spins.map(\.function)).sorted().prefix(room))
        var config = ms_sampler_config()
        let sequence = kernel.mountLock.address ?? 0
        config.sequence = sequence
        config.spinlock_argument = sequence + UInt64(kernel.spinlockOffset)
        config.semaphore = kernel.namespaceSem.address ?? 0
        config.sleeps = kernel.isRealtime ? 1 : 0
        let owner = kernel.isRealtime ? Self.ownerOffset(kernel) : 0
        config.spinlock = owner.map { config.spinlock_argument + UInt64($0) } ?? 0
        knowsSpinlock = owner != nil
        let lock = kernel.symbols.only(named: kernel.isRealtime ? "rt_spin_lock" : "_raw_spin_lock")
        config.acquires = ms_range(start: lock?.address ?? 0, end: lock?.end ?? 0)
        Self.fill(&config.grants, Self.grants.sorted().flatMap { kernel.symbols.parts(of: $0) }) {
            ms_range(start: $0.address, end: $0.end)
        }
        Self.fill(&config.slow_paths, SpinlockSlowPaths.names.sorted().compactMap { kernel.symbols.only(named: $0) }) {
            ms_range(start: $0.address, end: $0.end)
        }
        config.text = kernel.text
        let functions = functions
        let loops = spins.flatMap { spin in spin.loop.map { (spin: spin, code: $0) } }
        Self.fill(&config.spins, loops.filter { functions.contains($0.spin.function) }) { loop in
            let finding = MS_FOUND_SPINS.rawValue + UInt32(functions.firstIndex(of: loop.spin.function) ?? 0)
            return ms_spin_range(
                code: ms_range(start: loop.code.lowerBound, end: loop.code.upperBound),
                register_offset: loop.spin.registerOffset, finding: finding)
        }
        configuration = config
    }

    private struct Spin {
        let function: String
        let registerOffset: UInt32
        let loop: [Range<UInt64>]
    }

    private static func spins(_ kernel: KernelMap) -> [Spin] {
        guard case .success(let map) = kernel.sites else { return [] }
        return map.sites(.spin).compactMap { site in
            site.register.flatMap { SavedRegisters.offsets[$0] }.map {
                Spin(function: site.baseName, registerOffset: $0, loop: site.loop)
            }
        }
    }

    /// In the rtmutex that a spinlock is on PREEMPT_RT; `rt_mutex` before 5.15.
    private static func ownerOffset(_ kernel: KernelMap) -> Int? {
        kernel.types?.offset(of: "owner", in: "rt_mutex_base") ?? kernel.types?.offset(of: "owner", in: "rt_mutex")
    }

    /// Fills an array of a C struct, as far as it goes.
    private static func fill<Tuple, Element, Item>(_ tuple: inout Tuple, _ items: [Item], _ make: (Item) -> Element) {
        withUnsafeMutableBytes(of: &tuple) { bytes in
            let elements = bytes.bindMemory(to: Element.self)
            for (index, item) in items.prefix(elements.count).enumerated() { elements[index] = make(item) }
        }
    }
}
