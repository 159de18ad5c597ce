import Testing

@testable import Workload

@Suite struct LoadPlanTests {
    @Test("one thread for one second when nothing else is asked for")
    func defaults() throws {
        let plan = try LoadRequest().plan(for: .bind)
        #expect(plan.threads == ThreadCounts([.bind: 1]))
        #expect(plan.limit == .nanoseconds(1_000_000_000))
        #expect(plan.tableFile == .mountinfo && plan.bufferBytes == 65536 && plan.tableMounts == 0 && !plan.detach)
    }

    @Test("the mix has defaults only when no kind is named")
    func mix() throws {
        #expect(try LoadRequest().plan(for: .mix).threads == .defaultMix)
        var request = LoadRequest()
        request.mix = [.unshare: 3, .stat: 0]
        let plan = try request.plan(for: .mix)
        #expect(plan.threads == ThreadCounts([.unshare: 3]))
        #expect(plan.threads.kinds == [.unshare])
        #expect(plan.threads.total == 3)
    }

    @Test("every kind is a scenario of its own, and the mix is no kind")
    func scenarios() {
        #expect(LoadScenario.allCases.compactMap(\.kind) == LoadKind.allCases)
        #expect(LoadScenario.mix.kind == nil)
    }

    @Test("no operations at all is a plan: the baseline")
    func baseline() throws {
        var request = LoadRequest()
        request.operations = 0
        #expect(try request.plan(for: .stat).limit == .operations(0))
    }

    @Test("values that make no sense are usage errors", arguments: nonsensicalRequests)
    func nonsense(request: LoadRequest) {
        #expect { try request.plan(for: .mountinfo) } throws: { isUsage($0) }
    }

    @Test("absurd sizes are usage errors that say the limit")
    func limits() {
        func text(_ edit: (inout LoadRequest) -> Void) -> String {
            do throws(WorkloadError) {
                _ = try request(edit).plan(for: .mountinfo)
                return ""
            } catch {
                return error.message
            }
        }
        #expect(text { $0.threads = 4096 } == "" && text { $0.tableMounts = 100_000 } == "")
        #expect(text { $0.threads = 4097 }.contains("4096"))
        #expect(text { $0.tableMounts = 100_001 } == "a table has 0 to 100000 more mounts, not 100001")
        #expect(
            text {
                $0.threads = 17
                $0.bufferBytes = 64 << 20
            } == "the buffers of all threads together have 1073741824 bytes at most")
    }

    @Test("options of other kinds are usage errors, not ignored")
    func foreignOptions() {
        var file = LoadRequest()
        file.tableFile = .mounts
        #expect { try file.plan(for: .stat) } throws: { isUsage($0) }
        var buffer = LoadRequest()
        buffer.bufferBytes = 4096
        #expect { try buffer.plan(for: .stat) } throws: { isUsage($0) }
        var threads = LoadRequest()
        threads.threads = 2
        #expect { try threads.plan(for: .mix) } throws: { isUsage($0) }
    }

    @Test("a mix of no threads, or of negative ones, is a usage error", arguments: [0, -1])
    func emptyMix(count: Int) {
        var request = LoadRequest()
        request.mix = [.stat: count, .open: 0]
        #expect { try request.plan(for: .mix) } throws: { isUsage($0) }
    }
}

private func request(_ change: (inout LoadRequest) -> Void) -> LoadRequest {
    var request = LoadRequest()
    change(&request)
    return request
}

private let nonsensicalRequests = [
    request { $0.threads = 0 }, request { $0.threads = -1 }, request { $0.operations = -1 },
    request { $0.bufferBytes = 0 }, request { $0.bufferBytes = 1 << 40 }, request { $0.tableMounts = -1 },
    request {
        $0.operations = 1
        $0.nanoseconds = 1
    }, request { $0.mix = [.stat: 1] }, request { $0.detach = true },
]
