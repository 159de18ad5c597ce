import Glibc

/// Runs a load in a private mount namespace and hands over what it did.
///
/// The calling thread stays in that namespace; call this from a process, or a thread, that ends soon after. SIGINT and
/// SIGTERM end the set-up, and stop the work early; then they are held back until `deliver` has returned, so that a report is
/// never lost to one that comes late.
/// - Parameters:
///   - progress: told how far the set-up has come: the phase, the steps done, and how many there are.
///   - deliver: gets what was done.
/// - Throws: `WorkloadError` at the first call that fails in any thread, `.interrupted` where a signal ended the set-up, and
///   what `deliver` throws.
public func runLoad(
    _ plan: LoadPlan, progress: @escaping (SetupPhase, Int, Int) -> Void = { _, _, _ in },
    deliver: (LoadReport) throws -> Void
) throws {
    let signals = StopSignals()
    defer { signals.release() }
    let setup = LoadSetup(signals: signals, progress: progress)
    let sandbox = try Sandbox.enter(for: plan, setup)
    let crew = try Crew(plan: plan, tree: sandbox.tree, setup)
    let start = SystemCalls.monotonicNanoseconds()
    let interrupted = crew.work(from: start, watching: signals)
    try deliver(try crew.report(start: start, interrupted: interrupted, sandbox: sandbox))
}

/// The threads of one load.
private struct Crew {
    let plan: LoadPlan
    let control: LoadControl
    let workers: [Worker]

    /// Starts all threads and returns when they are ready at the gate.
    /// - Throws: the error of a start; `.interrupted`. Then no thread is left.
    init(plan: LoadPlan, tree: LoadTree, _ setup: LoadSetup) throws(WorkloadError) {
        let control = LoadControl(workers: plan.threads.total)
        var started: [Worker] = []
        do throws(WorkloadError) {
            for kind in plan.threads.kinds {
                for index in 0..<plan.threads[kind] {
                    try setup.step(.threads, started.count, of: plan.threads.total)
                    let worker = Worker(kind, index: index, plan: plan, tree: tree, control: control)
                    try worker.start()
                    started.append(worker)
                }
            }
            while !control.gate.waitForArrivals(started.count, nanoseconds: 50_000_000) {
                try setup.step(.threads, started.count, of: plan.threads.total)
            }
        } catch {
            control.stop.store(true, ordering: .relaxed)
            control.gate.open()
            for worker in started { worker.join() }
            throw error
        }
        self.plan = plan
        self.control = control
        workers = started
    }

    /// Opens the gate and returns when all threads have ended; true when a signal ended them early.
    func work(from start: UInt64, watching signals: StopSignals) -> Bool {
        control.gate.open()
        let interrupted = waitForEnd(from: start, watching: signals)
        control.stop.store(true, ordering: .relaxed)
        for worker in workers { worker.join() }
        return interrupted
    }

    private func waitForEnd(from start: UInt64, watching signals: StopSignals) -> Bool {
        while control.running.load(ordering: .acquiring) > 0 {
            var remaining: UInt64?
            if case .nanoseconds(let duration) = plan.limit {
                let elapsed = SystemCalls.monotonicNanoseconds() - start
                guard elapsed < duration else { return false }
                remaining = duration - elapsed
            }
            let signal = signals.next(withinNanoseconds: remaining)
            if signal == SIGINT || signal == SIGTERM { return true }
        }
        return false
    }

    func report(start: UInt64, interrupted: Bool, sandbox: Sandbox) throws(WorkloadError) -> LoadReport {
        var counts: [LoadKind: OperationCounts] = [:]
        var end = start
        for worker in workers {
            if let error = worker.error { throw error }
            counts[worker.kind, default: OperationCounts()].add(worker.counts)
            end = max(end, worker.end)
        }
        return LoadReport(
            plan: plan, elapsedNanoseconds: end - start, interrupted: interrupted,
            mountsInNamespace: sandbox.mountsInNamespace, setupMountCalls: sandbox.mountCalls,
            setupReadCalls: sandbox.readCalls, counts: counts)
    }
}
