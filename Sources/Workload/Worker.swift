import CWorkload
import Glibc
import Synchronization

/// What the threads of one load share.
final class LoadControl {
    let gate = StartGate()
    let stop = Atomic<Bool>(false)
    let running: Atomic<Int>
    private let waiter = pthread_self()

    /// The calling thread is the one told when the last of `workers` is done.
    init(workers: Int) {
        running = Atomic(workers)
    }

    /// Called by every worker at its end.
    func workerIsDone() {
        let left = running.subtract(1, ordering: .acquiringAndReleasing).newValue
        if left == 0 { pthread_kill(waiter, StopSignals.workDone) }
    }
}

/// One thread of the load. What it did may be read after `join()`.
final class Worker {
    let kind: LoadKind
    private(set) var counts = OperationCounts()
    private(set) var error: WorkloadError?
    /// CLOCK_MONOTONIC in nanoseconds.
    private(set) var end: UInt64 = 0

    private let index: Int
    private let plan: LoadPlan
    private let tree: LoadTree
    private let control: LoadControl
    private var thread = pthread_t()

    init(_ kind: LoadKind, index: Int, plan: LoadPlan, tree: LoadTree, control: LoadControl) {
        self.kind = kind
        self.index = index
        self.plan = plan
        self.tree = tree
        self.control = control
    }

    /// Starts the thread, which prepares its work and waits at the gate. It must be joined.
    func start() throws(WorkloadError) {
        let reference = Unmanaged.passRetained(self)
        let failed = pthread_create(
            &thread, nil,
            { raw in
                if let raw { Unmanaged<Worker>.fromOpaque(raw).takeRetainedValue().run() }
                return nil
            }, reference.toOpaque())
        guard failed == 0 else {
            reference.release()
            throw WorkloadError(call: "pthread_create", errorNumber: failed)
        }
    }

    func join() {
        pthread_join(thread, nil)
    }

    private func run() {
        do throws(WorkloadError) {
            let operation = try prepareBeforeGate()
            defer { counts = operation.counts }
            try work(operation)
        } catch {
            self.error = error
            control.stop.store(true, ordering: .relaxed)
        }
        end = SystemCalls.monotonicNanoseconds()
        control.workerIsDone()
    }

    private func prepareBeforeGate() throws(WorkloadError) -> any Operation {
        let prepared: Result<any Operation, WorkloadError>
        do throws(WorkloadError) {
            // A set-up that was given up needs no more of them.
            guard !control.stop.load(ordering: .relaxed) else { throw WorkloadError.interrupted }
            prepared = .success(try prepare())
        } catch {
            prepared = .failure(error)
            control.stop.store(true, ordering: .relaxed)
        }
        control.gate.arriveAndWait()
        return try prepared.get()
    }

    /// A directory and a descriptor table of its own keep the thread off locks that are none of this load's.
    private func prepare() throws(WorkloadError) -> any Operation {
        let refused = workload_unshare_cwd_and_files()
        guard refused == 0 else { throw WorkloadError(call: "unshare(CLONE_FS|CLONE_FILES)", errorNumber: refused) }
        let unnamed = workload_name_thread("load-\(kind.rawValue)")
        guard unnamed == 0 else { throw WorkloadError(call: "prctl(PR_SET_NAME)", errorNumber: unnamed) }
        return try plan.makeOperation(kind, index: index, in: tree) { [control] in
            control.stop.load(ordering: .relaxed)
        }
    }

    private func work(_ operation: some Operation) throws(WorkloadError) {
        let due = plan.dueOperations ?? .max
        let pace = plan.rate.map { Pace(rate: $0, start: SystemCalls.monotonicNanoseconds()) }
        var done: UInt64 = 0
        while done < due && !control.stop.load(ordering: .relaxed) {
            if let pace, !pace.wait(for: done, isStopped: { control.stop.load(ordering: .relaxed) }) { return }
            try operation.perform()
            done += 1
        }
    }
}

/// When operations are to begin, whether those before were fast or slow (an open loop): who falls behind goes on without
/// waiting, and may catch up.
struct Pace {
    /// Operations a second.
    let rate: Double
    /// CLOCK_MONOTONIC in nanoseconds.
    let start: UInt64

    /// Of a wait at once, in nanoseconds: a stop is noticed so soon.
    private static let patience: UInt64 = 20_000_000

    /// Nanoseconds, 30 years.
    private static let farthest = 1e18

    /// When an operation is to begin.
    func due(_ number: UInt64) -> UInt64 { start + UInt64(min(Double(number) / rate * 1e9, Pace.farthest)) }

    /// Waits until then.
    /// - Returns: false where it was stopped.
    func wait(for number: UInt64, isStopped: () -> Bool) -> Bool {
        let due = due(number)
        while true {
            let now = SystemCalls.monotonicNanoseconds()
            guard now < due else { return true }
            if isStopped() { return false }
            let until = min(due, now + Pace.patience)
            var moment = timespec(tv_sec: Int(until / 1_000_000_000), tv_nsec: Int(until % 1_000_000_000))
            // Woken by a signal it waits again.
            _ = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, nil)
        }
    }
}
