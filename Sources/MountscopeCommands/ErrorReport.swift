import ArgumentParser
import Probe
import Recording
import SystemCalls
import Terminal
import Workload

/// The one place where errors become words on standard error and an exit status.
struct ErrorReport: Equatable {
    /// Empty where there is nothing to say.
    let text: String
    let code: Int32

    /// Runs a command's body; what it throws is told and becomes the exit status.
    static func exiting(_ body: () throws -> Void) throws {
        Output.occupyClosedStreams()
        Output.ignoreBrokenPipes()
        do { try body() } catch {
            let report = ErrorReport(error)
            do { try Output.error.write(report.text) } catch {
                // Nobody listens; the exit status still tells.
            }
            throw ExitCode(report.code)
        }
    }

    init(_ error: any Error) {
        switch error {
        case OutputError.closed:
            self.init("", "", ExitCodes.done)
        case OutputError.failed(let cause):
            self.init("cannot write the output: \(cause)", "", ExitCodes.failed)
        case is RegressionFound:
            self.init("", "", ExitCodes.regression)
        case let error as GateCannotJudge:
            self.init(error.message, error.hint, ExitCodes.unjudged)
        case let error as ProbeError:
            self.init(error.message, error.hint, ErrorReport.code(error.kind))
        case let error as OutputRefusal:
            self.init(error.message, error.hint, ExitCodes.usage)
        case let error as WorkloadError:
            self.init(error.message, error.hint, ErrorReport.code(error))
        case let error as any ExplainedError:
            self.init(error.message, error.hint, ExitCodes.failed)
        default:
            self.init("\(error)", "", ExitCodes.failed)
        }
    }

    private init(_ message: String, _ hint: String, _ code: Int32) {
        text = EscapedBytes.visibleLines(
            (message.isEmpty ? "" : "mountscope: \(message)\n") + (hint.isEmpty ? "" : "hint: \(hint)\n"))
        self.code = code
    }

    private static func code(_ error: WorkloadError) -> Int32 {
        switch error {
        case .usage: ExitCodes.usage
        case .noPermission: ExitCodes.notPermitted
        case .failed, .interrupted: ExitCodes.failed
        }
    }

    private static func code(_ kind: ProbeError.Kind) -> Int32 {
        switch kind {
        case .notPermitted: ExitCodes.notPermitted
        case .unavailable: ExitCodes.unavailable
        case .failed: ExitCodes.failed
        }
    }
}
