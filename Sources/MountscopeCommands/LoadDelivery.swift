import Recording
import SystemCalls
import Terminal

/// Gives a load's report to the recording that the load is the command of.
enum LoadDelivery {
    /// - Throws: `SystemFailure` when the recorder cannot take it, `OutputError` when nobody can be told.
    static func hand(_ json: String) throws {
        do {
            if try WorkloadSlot.deliver(json) { return }
        } catch {
            throw SystemFailure("cannot hand the report to the recorder", error)
        }
        try Output.error.write(
            "mountscope: the recording does not learn what the load did: its recorder is in another PID namespace\n")
    }
}
