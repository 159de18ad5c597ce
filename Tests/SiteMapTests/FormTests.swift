import SiteMap
import Testing

/// `ret`
private let ret: UInt8 = 0xC3

@Suite("Forms that are known, and those that are not") struct FormTests {
    @Test("a lock that is handed to a stranger is unknown, and its bytes are told")
    func stranger() {
        var code = Assembly()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.stranger)
        code.raw(ret)
        let map = code.map()
        #expect(map.references == 1 && map.classified == 0 && map.share == 0)
        #expect(map.sites.map(\.kind) == [.unknown] && map.sites[0].doubts == [.holder])
        #expect(map.sites.allSatisfy { $0.obstacle.hasPrefix("no known form: 48 c7 c7 04 00 00 82 e8") })
        #expect(map.places(in: .holder) == ["tested+0x0"] && map.places(in: .holder, function: "other") == [])
    }

    @Test("an argument that is overwritten before the call is no lock")
    func overwritten() {
        var code = Assembly()
        code.load(Assembly.sequence + 4)
        code.raw(0x31, 0xFF)  // xor %edi,%edi
        code.call(Assembly.lock)
        code.raw(ret)
        #expect(code.map().sites.map(\.kind) == [.unknown])
    }

    @Test("bytes that hit a lock's address inside another instruction are no reference")
    func chance() {
        var code = Assembly()
        // movabs $0x82000004..., %rax: the address is part of a longer value.
        code.raw(0x48, 0xB8)
        let place = code.next
        code.raw(0x04, 0x00, 0x00, 0x82, 0x11, 0x22, 0x33, 0x44)
        code.raw(ret)
        let locks = LockAddresses(sequence: Assembly.sequence, spinlockOffset: 4, semaphore: nil, functions: [:])
        let function = KernelFunction(name: "tested", start: Assembly.start, bytes: code.bytes)
        let map = SiteMap([function], locks: locks, references: [place])
        #expect(map.references == 0 && map.sites.isEmpty && map.share == nil)
    }

    @Test("an acquisition behind which somebody's kprobe stands is a write section's, an exclusive one, or unknown")
    func hidden() {
        // A breakpoint on the increment, and on other instructions; a jump over it to a page of copies; a jump within the
        // function hides nothing.
        var increment = Assembly()
        increment.load(Assembly.sequence + 4)
        increment.call(Assembly.lock)
        increment.move()
        let distance = increment.bytes.suffix(5)
        let cases: [([UInt8], Site.Kind)] = [
            ([0xCC, 0x05] + distance, .writeRequest), ([0xCC, 0x05] + distance.dropLast() + [2], .exclusiveAcquire),
            ([0xCC, 0x05, 0, 0, 0, 0, 1], .exclusiveAcquire), ([0xCC, 0x89, 0xDF], .exclusiveAcquire),
            ([0xE9, 0, 0, 0, 0x40, 0, 1], .unknown), ([0xEB, 0x00], .exclusiveAcquire),
        ]
        for (behind, kind) in cases {
            var code = Assembly()
            code.load(Assembly.sequence + 4)
            code.call(Assembly.lock)
            for byte in behind { code.raw(byte) }
            for _ in 0..<8 { code.raw(0x90) }
            code.load(Assembly.sequence + 4)
            code.call(Assembly.unlock)
            code.raw(ret)
            #expect(code.map().sites.first?.kind == kind)
        }
    }

    /// A function that takes the lock, does `body`, and gives it back.
    private func held(_ body: (inout Assembly) -> Void) -> [Site.Kind] {
        var code = Assembly()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        body(&code)
        code.load(Assembly.sequence + 4)
        code.call(Assembly.unlock)
        code.raw(ret)
        return code.map().sites.map(\.kind)
    }

    @Test("a section is what follows on every way, wherever the compiler put the move")
    func ways() {
        // Behind other instructions, and by incl.
        let late = held { code in
            code.raw(0x48, 0x89, 0xDF, 0x31, 0xC0)  // mov %rbx,%rdi; xor %eax,%eax
            code.increment()
            code.move()
        }
        #expect(late == [.writeRequest, .writeAcquire, .writeLeave, .writeUnlock])
        // Behind a branch on both ways: a section begins at two places.
        let both = held { code in
            code.raw(0x85, 0xD2, 0x74, 0x09)  // test %edx,%edx; je over a move and a jump
            code.move()
            code.raw(0xEB, 0x07)  // jmp over a move
            code.move()
        }
        #expect(both.prefix(3) == [.writeRequest, .writeAcquire, .writeAcquire])
        // On one of two ways only: neither a write section nor an exclusive one.
        let one = held { code in
            code.raw(0x85, 0xD2, 0x74, 0x07)
            code.move()
        }
        #expect(one.first == .unknown)
        // Where a way leads to nobody knows where.
        #expect(held { $0.raw(0x85, 0xD2, 0x74, 0x02, 0xFF, 0xE0) }.first == .unknown, "jmp *%rax")
        #expect(held { $0.raw(0x90) } == [.exclusiveAcquire, .exclusiveUnlock])
    }

    @Test("whoever has the sequence's address in a register may move it, and none of its sections is exclusive")
    func handedOut() {
        var code = Assembly()
        code.load(Assembly.sequence, into: [0x48, 0xC7, 0xC3])  // mov $sequence,%rbx
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        code.raw(0xFF, 0x03)  // incl (%rbx)
        code.load(Assembly.sequence + 4)
        code.call(Assembly.unlock)
        code.raw(ret)
        let map = code.map()
        #expect(map.sites.map(\.kind) == [.unknown, .unknown, .exclusiveUnlock])
        #expect(map.sites[0].doubts == [.holder, .reader])
        // By the spinlock's address, which is kept.
        var kept = Assembly()
        kept.load(Assembly.sequence + 4, into: [0x49, 0xC7, 0xC4])  // mov $lock,%r12
        kept.raw(0x4C, 0x89, 0xE7)  // mov %r12,%rdi
        kept.call(Assembly.lock)
        kept.raw(0x41, 0xFF, 0x44, 0x24, 0xFC)  // incl -4(%r12)
        kept.raw(0x4C, 0x89, 0xE7)
        kept.call(Assembly.unlock)
        kept.raw(ret)
        #expect(kept.map().sites.map(\.kind) == [.unknown])
    }

    @Test("what an unknown place does to the sequence says whose counts it may change")
    func doubts() {
        let cases: [([UInt8], Set<Doubt>)] = [
            ([0x83, 0x25], [.holder]),  // andl $1,sequence
            ([0xF7, 0x05], [.reader]),  // testl $..., sequence
        ]
        for (opening, doubts) in cases {
            var code = Assembly()
            code.sequence(opening, trailing: opening[0] == 0x83 ? [1] : [1, 0, 0, 0])
            code.raw(ret)
            #expect(code.map().sites.map(\.doubts) == [doubts])
        }
    }

    @Test("the lock may be given back by a store")
    func stored() {
        var code = Assembly()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        code.increment()
        code.increment()
        code.clearLock()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        code.clearLock()
        code.raw(ret)
        #expect(
            code.map().sites.map(\.kind) == [
                .writeRequest, .writeAcquire, .writeLeave, .writeUnlock, .exclusiveAcquire, .exclusiveUnlock,
            ])
    }

    @Test(
        "a way that leaves the function for another place of the text is a return, one that leaves the text hides something"
    )
    func thunk() {
        var code = Assembly()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        code.raw(0x85, 0xD2, 0x74, 0x05)  // test %edx,%edx; je over a jump
        code.jump(Assembly.stranger)
        code.load(Assembly.sequence + 4)
        code.call(Assembly.unlock)
        code.raw(ret)
        let (start, end) = (Assembly.start, Assembly.stranger)
        #expect(code.map(text: start..<(end + 1)).sites.map(\.kind) == [.exclusiveAcquire, .exclusiveUnlock])
        #expect(code.map(text: start..<end).sites.first?.kind == .unknown)
        #expect(code.map().sites.first?.kind == .unknown, "nothing is known of the text")
    }

    @Test("a lock that is not given back is not understood")
    func kept() {
        var code = Assembly()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        code.raw(ret)
        #expect(code.map().sites.map(\.kind) == [.unknown])
        code = Assembly()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        code.move()
        code.raw(ret)
        #expect(
            code.map().sites.map(\.kind) == [.writeRequest, .writeAcquire],
            "a function that begins a section for its caller")
    }

    @Test("a write section is one, and an exclusive reader is none")
    func sections() {
        var code = Assembly()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        code.move()
        code.move()
        code.load(Assembly.sequence + 4)
        code.call(Assembly.unlock)
        code.load(Assembly.sequence + 4)
        code.call(Assembly.lock)
        code.load(Assembly.sequence + 4)
        code.call(Assembly.unlock)
        code.raw(ret)
        #expect(
            code.map().sites.map(\.kind) == [
                .writeRequest, .writeAcquire, .writeLeave, .writeUnlock, .exclusiveAcquire, .exclusiveUnlock,
            ])
    }

    @Test("a lock in a register that is kept is found where it is copied, and not where the register has another value")
    func keptInRegister() {
        var code = Assembly()
        code.load(Assembly.sequence + 4, into: [0x49, 0xC7, 0xC4])  // mov $lock,%r12
        code.raw(0x4C, 0x89, 0xE7)  // mov %r12,%rdi
        code.call(Assembly.lock)
        code.raw(0x4C, 0x89, 0xE7)
        code.call(Assembly.unlock)
        code.raw(0x4C, 0x8D, 0x65, 0x38)  // lea 0x38(%rbp),%r12
        code.raw(0x4C, 0x89, 0xE7)
        code.call(Assembly.stranger)
        code.raw(ret)
        let map = code.map()
        #expect(map.sites.map(\.kind) == [.exclusiveAcquire, .exclusiveUnlock])
        #expect(map.sites.map(\.offset) == [7, 15] && map.share == 1)
    }

    @Test("the lowest bit may be taken from a copy of the sequence, behind a jump")
    func oddCopy() throws {
        var code = Assembly()
        code.loadSequence()
        code.raw(0xEB, 0x01, ret)  // jmp over a ret
        code.raw(0x89, 0xC2)  // mov %eax,%edx
        code.raw(0x83, 0xE2, 0x01)  // and $1,%edx
        code.raw(0x75, 0xF1, ret)  // jne to the load
        let site = try #require(code.map().sites.first)
        #expect(site.kind == .begin && site.register == 0)
    }

    @Test("between a comparison and its branch data may be moved, and flags may not be changed")
    func lateBranch() {
        func map(_ between: [UInt8]) -> SiteMap {
            var code = Assembly()
            code.loadSequence()
            code.raw(0x39, 0xC8)  // cmp %ecx,%eax
            for _ in 0..<5 { code.raw(0x48, 0x8B, 0x54, 0x24, 0x30) }  // mov 0x30(%rsp),%rdx
            for byte in between { code.raw(byte) }
            code.raw(0x75, 0x01, ret, ret)  // jne over a ret
            return code.map()
        }
        let found = map([])
        #expect(found.sites.map(\.kind) == [.validate] && found.sites[0].failure != nil)
        #expect(map([0x31, 0xFF]).sites.map(\.kind) == [.unknown], "xor %edi,%edi")
    }

    @Test("a semaphore that is compared in place is checked, like one that is loaded")
    func semaphoreInPlace() {
        var code = Assembly()
        code.compareSemaphore()
        code.raw(ret)
        #expect(code.map().sites.map(\.kind) == [.semaphoreCheck])
    }

    @Test("a validation's failure is the other way of its branch")
    func failureEdges() throws {
        for (branch, failure) in [(UInt8(0x75), UInt64(11)), (0x74, 10)] {
            var code = Assembly()
            code.loadSequence()
            code.raw(0x39, 0xC6)  // cmp %eax,%esi
            code.raw(branch, 0x01)
            code.raw(ret)
            code.raw(0xB8, 0xF6, 0xFF, 0xFF, 0xFF, ret)  // mov $-ECHILD,%eax; ret
            let site = try #require(code.map().sites.first)
            #expect(site.kind == .validate && site.failure == Assembly.start + failure)
            #expect(site.obstacle.isEmpty && site.failsWithError == (branch == 0x75) && !site.triesAgain)
        }
    }

    @Test("a failure block that others lead to has an obstacle")
    func sharedBlock() {
        var code = Assembly()
        code.raw(0x85, 0xD2, 0x75, 0x0B)  // test %edx,%edx; jne to the failure block
        code.loadSequence()
        code.raw(0x39, 0xC6, 0x75, 0x01, ret)
        code.raw(0x31, 0xC0, ret)  // xor %eax,%eax; ret
        #expect(code.map().sites.map(\.obstacle) == ["2 ways lead to its failure block"])
    }

    @Test("a failure block in a cold clone is one, and jumps within the clone are counted")
    func coldBlock() {
        var code = Assembly()
        code.loadSequence()
        code.raw(0x39, 0xC6)
        // jne to the clone's first or third byte
        let jump = Assembly.start + 0x10000 - (code.next + 6)
        code.raw(0x0F, 0x85)
        code.raw(contentsOf: jump + 2)
        code.raw(ret)
        #expect(code.map(cold: [0x0F, 0x0B, 0x90, ret]).sites.map(\.obstacle) == ["2 ways lead to its failure block"])
        #expect(code.map(cold: [ret, 0xCC, 0x90, ret]).sites.map(\.obstacle) == [""])
        #expect(code.map().sites.map(\.obstacle) == ["its failure block is in no function that was read"])
    }

    @Test("a pause that leads to another lock's sequence is no spin")
    func otherLoop() {
        var code = Assembly()
        code.loadSequence()
        code.raw(0xA8, 0x01, 0x75, 0x01, ret)  // test $1,%al; jne; ret
        code.raw(0xF3, 0x90)  // pause
        code.raw(0x8B, 0x07, 0xA8, 0x01, 0x75, 0xF8, ret)  // mov (%rdi),%eax; test $1,%al; jne
        #expect(code.map().sites.map(\.kind) == [.begin])
        var own = Assembly()
        own.loadSequence()
        own.raw(0xA8, 0x01, 0x75, 0x01, ret, 0xF3, 0x90, 0xEB, 0xF1)  // pause; jmp to the load
        #expect(own.map().sites.map(\.kind) == [.begin, .spin])
        #expect(own.map().sites.last?.register == 0)
    }

    @Test("the semaphore behind a branch is a site at each call")
    func semaphore() {
        var code = Assembly()
        code.load(Assembly.semaphore)
        code.raw(0x85, 0xD2, 0x74, 0x06)  // test %edx,%edx; je
        code.call(Assembly.downRead)
        code.raw(ret)
        code.call(Assembly.downRead)
        code.raw(ret)
        let map = code.map()
        #expect(map.sites.map(\.kind) == [.semaphore, .semaphore])
        #expect(map.sites.map(\.offset) == [11, 17] && map.sites.allSatisfy { $0.callee == "down_read" })
    }
}
