import KernelFixtures
import SiteMap
import Testing

/// What is claimed where a form is not known: each form in turn is taken away, on the text of real kernels.
@Suite("What is not understood") struct DoubtTests {
    /// What each kind of site counts, and whose claim it is.
    private static let claims: [(kind: Site.Kind, doubt: Doubt)] = [
        (.writeAcquire, .holder), (.writeLeave, .holder), (.exclusiveAcquire, .holder), (.exclusiveUnlock, .holder),
        (.begin, .reader), (.spin, .reader), (.validate, .reader), (.semaphore, .semaphore), (.redoneWalk, .walk),
    ]

    private func blinded(_ name: String, _ form: Form) throws -> SiteMap {
        let kernel = try KernelFixture(name)
        var locks = kernel.locks
        locks.blind = [form]
        return SiteMap(kernel.functions, locks: locks, references: kernel.references)
    }

    @Test("nothing of a kernel that is understood is doubted", arguments: KernelFixture.names)
    func none(name: String) throws {
        let map = try KernelFixture(name).map
        for doubt in Doubt.allCases { #expect(map.places(in: doubt) == []) }
    }

    @Test("what clang writes in another way is doubted, and nothing else")
    func clang() throws {
        let map = try KernelFixture("6.12-clang").map
        #expect(map.places(in: .holder) == [] && map.places(in: .semaphore) == [])
        #expect(map.places(in: .reader) == ["step_into+0x2bc"])
        #expect(map.places(in: .walk) == ["__filename_parentat+0x202", "__filename_parentat+0x222"])
        #expect(map.references - map.classified == 1 && map.references > 200)
        // As objdump counts them: its moves are incl, wherever in the section; its releases are stores.
        #expect(map.sites(.writeAcquire).count + map.sites(.writeLeave).count == 61)
        #expect(map.sites(.writeRequest).count + map.sites(.exclusiveAcquire).count == 41)
        #expect(map.sites(.writeUnlock).count + map.sites(.exclusiveUnlock).count == 48)
        #expect(!map.sites(.exclusiveAcquire).isEmpty && map.sites(.writeAcquire).count > 20)
    }

    @Test(
        "in functions without a doubt all sites of a kind are known, and are what they are",
        arguments: KernelFixture.all, Form.allCases)
    func complete(name: String, form: Form) throws {
        let (whole, map) = (try KernelFixture(name).map, try blinded(name, form))
        for (kind, doubt) in Self.claims {
            for function in Set((whole.sites + map.sites).map(\.baseName)) {
                guard map.places(in: doubt, function: function).isEmpty else { continue }
                func found(_ map: SiteMap) -> [UInt64] {
                    map.sites(kind).filter { $0.baseName == function }.map(\.address)
                }
                #expect(found(map) == found(whole), "\(kind) in \(function) of \(name) without \(form)")
            }
        }
    }

    @Test("each form that is taken away is missed somewhere", arguments: Form.allCases)
    func missed(form: Form) throws {
        for name in ["6.12", "7.3"] {
            let map = try blinded(name, form)
            #expect(Doubt.allCases.contains { !map.places(in: $0).isEmpty }, "\(name) without \(form)")
        }
    }

    @Test("__legitimize_mnt is known by the write section that follows its failure", arguments: KernelFixture.all)
    func legitimize(name: String) throws {
        let copies = try KernelFixture(name).map.sites(.validate).filter(\.failsIntoSection).map(\.function)
        // Clang has put it into lookup_mnt too.
        let others = ["5.10": ["legitimize_mnt"], "6.12-clang": ["lookup_mnt"]]
        #expect(copies == ["__legitimize_mnt"] + (others[name] ?? []))
    }

    @Test("an exclusive holder is one on a blinded map too: no writer is taken for it", arguments: Form.allCases)
    func exclusive(form: Form) throws {
        for name in KernelFixture.all {
            let whole = Set(try KernelFixture(name).map.sites(.exclusiveAcquire).map(\.address))
            #expect(Set(try blinded(name, form).sites(.exclusiveAcquire).map(\.address)).isSubset(of: whole))
        }
    }
}
