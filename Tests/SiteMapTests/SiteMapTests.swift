import KernelFixtures
import SiteMap
import Testing

/// Rules that must hold on every kernel, on the text of real ones.
@Suite("The map of real kernels") struct SiteMapTests {
    private func count(_ map: SiteMap, _ kinds: Site.Kind...) -> Int { kinds.reduce(0) { $0 + map.sites($1).count } }

    @Test("every place that refers to a lock has a known form", arguments: KernelFixture.names)
    func complete(name: String) throws {
        let map = try KernelFixture(name).map
        let unknown = map.sites(.unknown).map { "\($0.function)+0x\(String($0.offset, radix: 16)): \($0.obstacle)" }
        #expect(unknown == [])
        #expect(map.references > 140 && map.classified == map.references && map.share == 1)
    }

    @Test("patterns of bytes count the same", arguments: KernelFixture.names)
    func patterns(name: String) throws {
        let kernel = try KernelFixture(name)
        let (map, counted) = (kernel.map, PatternCount(kernel))
        #expect(count(map, .writeAcquire, .writeLeave) == counted.moves)
        #expect(count(map, .writeAcquire) == counted.movesBehindLock)
        #expect(count(map, .writeRequest) == counted.writeLocks)
        #expect(count(map, .exclusiveAcquire) == counted.exclusiveLocks)
        #expect(count(map, .writeUnlock, .exclusiveUnlock) == counted.unlocks)
        #expect(count(map, .begin) == counted.begins)
        #expect(count(map, .validate) == counted.validations)
        #expect(count(map, .spin) == counted.pauses)
        #expect(count(map, .readerWait) == counted.readerLocks)
        #expect(count(map, .readerWaitEnd) == counted.readerUnlocks)
        #expect(counted.moves > 40 && counted.begins > 6 && counted.exclusiveLocks > 8, "there was something to count")
    }

    @Test(
        "every lock that is taken is taken to write or not, and moves are its beginnings and ends",
        arguments: KernelFixture.all)
    func closedSums(name: String) throws {
        let map = try KernelFixture(name).map
        #expect(count(map, .writeRequest) == count(map, .writeAcquire))
        #expect(count(map, .writeLeave) == count(map, .writeUnlock))
        #expect(count(map, .writeLeave) >= count(map, .writeAcquire), "a section may end in several places")
        #expect(count(map, .exclusiveUnlock) >= count(map, .exclusiveAcquire))
        #expect(Set(map.sites.map { "\($0.kind) \($0.address)" }).count == map.sites.count, "each of them once")
    }

    @Test("a section's beginning is where its request returns to", arguments: KernelFixture.names)
    func requests(name: String) throws {
        let map = try KernelFixture(name).map
        let acquires = Set(map.sites(.writeAcquire).map(\.address))
        #expect(Set(map.sites(.writeRequest).compactMap(\.returnAddress)).isSubset(of: acquires))
        for site in map.sites(.exclusiveAcquire) { #expect(site.returnAddress != nil, "\(site)") }
    }

    @Test(
        "KASLR makes no difference", arguments: KernelFixture.names,
        [0x0000_0000_1A20_0000, 0x0000_0000_3C00_0000] as [UInt64])
    func moved(name: String, distance: UInt64) throws {
        let kernel = try KernelFixture(name)
        let (map, moved) = (kernel.map, kernel.moved(by: distance).map)
        #expect(moved.references == map.references && moved.classified == map.classified)
        func back(_ address: UInt64?) -> UInt64? { address.map { $0 - distance } }
        #expect(moved.sites.map(\.address).compactMap(back) == map.sites.map(\.address))
        #expect(moved.sites.map { back($0.failure) } == map.sites.map(\.failure))
        #expect(moved.sites.map { back($0.returnAddress) } == map.sites.map(\.returnAddress))
        for (one, other) in zip(moved.sites, map.sites) {
            let same =
                one.kind == other.kind && one.function == other.function && one.offset == other.offset
                && one.callee == other.callee && one.register == other.register && one.obstacle == other.obstacle
            #expect(same, "\(one) and \(other)")
        }
    }

    @Test(
        "readers wait for one another's locks under PREEMPT_RT only, and each wait has its end",
        arguments: KernelFixture.names)
    func realTime(name: String) throws {
        let kernel = try KernelFixture(name)
        #expect(kernel.isRealTime == name.hasSuffix("-rt"))
        let map = kernel.map
        #expect(map.sites(.readerWait).isEmpty == !kernel.isRealTime)
        #expect(map.sites(.readerWait).map(\.function) == map.sites(.readerWaitEnd).map(\.function))
        for (wait, end) in zip(map.sites(.readerWait), map.sites(.readerWaitEnd)) {
            #expect(wait.returnAddress == end.address, "the lock is given back at once")
        }
    }

    @Test(
        "a spin knows the register that has the odd sequence, and the pieces of its loop",
        arguments: KernelFixture.names)
    func spins(name: String) throws {
        let map = try KernelFixture(name).map
        #expect(Set(map.sites(.spin).map(\.function)).isSuperset(of: ["path_init", "prepend_path"]))
        for site in map.sites(.spin) {
            let register = try #require(site.register)
            #expect(register < 16 && register != 4, "never the stack pointer")
            #expect((1...2).contains(site.loop.count))
            #expect(site.loop.first?.lowerBound == site.address, "begins with its pause")
            for piece in site.loop {
                #expect(!piece.isEmpty && piece.count < 128 && map.place(of: piece.lowerBound) != nil)
            }
        }
    }

    @Test("validations lead to a block of a function that was read", arguments: KernelFixture.names)
    func validations(name: String) throws {
        let kernel = try KernelFixture(name)
        let map = kernel.map
        for site in map.sites(.validate) {
            let failure = try #require(site.failure)
            #expect(map.place(of: failure) != nil, "\(site)")
        }
        let legitimize = map.sites(.validate).filter { $0.function == "__legitimize_mnt" }
        #expect(legitimize.count == 2 && legitimize.allSatisfy { $0.obstacle.isEmpty })
    }

    @Test("each of the three walks is known to be done again", arguments: KernelFixture.names)
    func walks(name: String) throws {
        let redone = try KernelFixture(name).map.sites(.redoneWalk)
        #expect(Set(redone.map(\.callee)) == LockAddresses.pathWalks)
        for site in redone { #expect(site.failure != nil && site.obstacle.isEmpty, "\(site)") }
    }

    @Test("namespace_sem is taken and given back; 6.16 and later downgrade it", arguments: KernelFixture.names)
    func semaphore(name: String) throws {
        let callees = try KernelFixture(name).map.sites(.semaphore).map(\.callee)
        #expect(Set(callees).isSubset(of: LockAddresses.semaphoreCalls))
        #expect(Set(callees).isSuperset(of: ["down_write", "up_write", "down_read", "up_read"]))
        #expect(callees.contains("downgrade_write") == (name == "7.3"))
    }

    @Test("what the compiler cut from a function is mapped under its own name")
    func clones() throws {
        let functions = try KernelFixture.names.flatMap { try KernelFixture($0).map.sites.map(\.function) }
        let suffixes = Set(functions.filter { $0.contains(".") }.map { $0.drop { $0 != "." }.prefix { !$0.isNumber } })
        #expect(suffixes.isSuperset(of: [".isra.", ".part."]), "\(suffixes)")
    }

    @Test("functions that begin with endbr64 are mapped as others are")
    func branchTargets() throws {
        let old = PatternCount(try KernelFixture("5.10")).branchTargets
        let new = PatternCount(try KernelFixture("7.3")).branchTargets
        #expect(old == 0 && new > 5, "recordings of both kinds: \(old), \(new)")
        let kernel = try KernelFixture("7.3")
        let begun = Set(kernel.functions.filter { $0.bytes.starts(with: [0xF3, 0x0F, 0x1E, 0xFA]) }.map(\.name))
        #expect(!begun.isDisjoint(with: kernel.map.sites.map(\.function)))
    }

    @Test(
        "functions that the function tracer does not reach are bodies of system calls",
        arguments: KernelFixture.names)
    func untraceable(name: String) throws {
        let expected = [
            "5.10": ["pivot_root"], "6.12": ["listmount", "move_mount", "pivot_root", "statmount"],
            "7.3": ["listmount", "statmount"],
        ]
        let bodies = (expected[name.replacing("-rt", with: "")] ?? []).map { "__do_sys_\($0)" }
        #expect(try KernelFixture(name).map.untraceable.sorted() == bodies)
    }

    @Test("a function that is traced begins with a call, and one of a kernel without a function tracer says nothing")
    func traced() {
        func map(_ beginnings: [[UInt8]]) -> SiteMap {
            let functions = beginnings.enumerated().map { index, bytes in
                KernelFunction(name: "f\(index)", start: 0x1000 * UInt64(index + 1), bytes: bytes + [0xC3])
            }
            let locks = LockAddresses(sequence: 0x100, spinlockOffset: 4, semaphore: nil, functions: [:])
            return SiteMap(functions, locks: locks, references: [])
        }
        let landing: [UInt8] = [0xF3, 0x0F, 0x1E, 0xFA]
        let called = landing + [0xE8, 0, 0, 0, 0]
        #expect(map([called, landing + [0x55], [0x55]]).untraceable == ["f1", "f2"])
        #expect(map([[0x0F, 0x1F, 0x44, 0, 0], [0x66, 0x66, 0x66, 0x66, 0x90]]).untraceable.isEmpty)
        #expect(map([[0x55], [0x41, 0x57]]).untraceable.isEmpty)
        // While the kernel changes from one to the other.
        #expect(map([called, landing + [0xCC, 0x1F, 0x44, 0, 0]]).untraceable.isEmpty)
    }

    @Test("a part that was cut from a function takes probes where it or the function does, or where that is not known")
    func parts() {
        let (traced, plain): ([UInt8], [UInt8]) = ([0x0F, 0x1F, 0x44, 0, 0, 0xC3], [0x55, 0xC3])
        let named = [
            ("a", traced), ("a.cold", plain), ("b", plain), ("b.cold", plain), ("b.part.0", traced), ("c.cold", plain),
        ]
        let functions = named.enumerated().map { index, function in
            KernelFunction(name: function.0, start: 0x1000 * UInt64(index + 1), bytes: function.1)
        }
        let locks = LockAddresses(sequence: 0x100, spinlockOffset: 4, semaphore: nil, functions: [:])
        let map = SiteMap(functions, locks: locks, references: [])
        let beyond = functions.filter { map.isBeyondTracer($0.start + 1) }.map(\.name)
        #expect(beyond == ["b", "b.cold"])
        #expect(!map.isBeyondTracer(0x50))
    }
}
