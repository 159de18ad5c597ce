import Probe
import Recording
import SystemCalls
import Terminal
import Testing

@testable import MountscopeCommands

@Suite struct ErrorReportTests {
    @Test("message and hint are lines of their own")
    func messageAndHintAreLinesOfTheirOwn() {
        let report = ErrorReport(RunFolderError.exists("run1"))
        #expect(
            report.text == """
                mountscope: "run1" exists already
                hint: choose another folder, or replace this run with --force

                """)
        #expect(report.code == ExitCodes.failed)
    }

    @Test("an error without a hint has no hint line")
    func anErrorWithoutAHintHasNoHintLine() {
        let report = ErrorReport(SystemFailure("cannot wait", Errno(4)))
        #expect(report.text == "mountscope: cannot wait: Interrupted system call (errno 4)\n")
    }

    @Test("a reader that has gone is a quiet end")
    func aReaderThatHasGoneIsAQuietEnd() {
        let report = ErrorReport(OutputError.closed)
        #expect(report.text == "")
        #expect(report.code == ExitCodes.done)
    }

    @Test("a full disk is no quiet end")
    func aFullDiskIsNot() {
        #expect(ErrorReport(OutputError.failed(Errno(28))).code == ExitCodes.failed)
    }
}
