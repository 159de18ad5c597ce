import Contention
import JSON

/// Where a recording goes.
public protocol RunSink: AnyObject {
    /// Makes the run appear, saying that it goes on.
    func publish() throws
    /// Takes an interval; `summary` is everything so far.
    /// - Returns: what to tell the user although the run goes on; nil for nothing.
    func append(_ bundle: IntervalBundle, summary: Interval?) throws -> String?
    /// Says how the run ended.
    /// - Parameter workload: what COMMAND said that it did, an object.
    /// - Returns: what to tell the user; nil for nothing.
    func close(_ end: RunEnd, command: CommandEnd?, workload: JSONValue?) throws -> String?
}

extension RunWriter: RunSink {
    /// Writes an interval's rows.
    /// - Throws: `SystemFailure`; the rows before are good.
    public func append(_ bundle: IntervalBundle, summary: Interval?) throws -> String? {
        try append(bundle)
        return nil
    }
}
