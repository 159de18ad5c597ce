import Glibc
import SystemCalls
import Testing

@testable import Recording

@Suite struct ChildProcessTests {
    private func run(_ arguments: [String], signal: Int32? = nil) throws -> CommandEnd {
        let child = try ChildProcess(arguments)
        try child.start()
        if let signal { child.send(signal) }
        for _ in 0..<1_000 {
            if let end = try child.poll() { return end }
            usleep(10_000)
        }
        child.send(SIGKILL)
        throw SystemFailure(message: "still running")
    }

    @Test("the exit status is told")
    func theExitStatusIsTold() throws {
        #expect(try run(["true"]) == .exited(status: 0))
        #expect(try run(["/bin/sh", "-c", "exit 42"]) == .exited(status: 42))
    }

    @Test("the signal that ended it is told")
    func theSignalThatEndedItIsTold() throws {
        #expect(try run(["sleep", "30"], signal: SIGTERM) == .killed(signal: SIGTERM))
        #expect(try run(["sh", "-c", "kill -9 $$"]) == .killed(signal: SIGKILL))
    }

    @Test("a program that is not there is found out before starting")
    func aProgramThatIsNotThereIsFoundOutBeforeStarting() {
        do {
            _ = try ChildProcess(["no-such-program-anywhere"])
            Issue.record("found it")
        } catch {
            #expect(error.message == "cannot run \"no-such-program-anywhere\": No such file or directory (errno 2)")
        }
        #expect(throws: SystemFailure.self) { try ChildProcess(["./no/such/program"]) }
        #expect(throws: SystemFailure.self) { try ChildProcess(["/etc/passwd"]) }
    }

    @Test("signals are neither blocked nor ignored in the child")
    func signalsAreNeitherBlockedNorIgnoredInTheChild() throws {
        signal(SIGPIPE, SIG_IGN)
        var mask = sigset_t()
        var before = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &mask, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        // glibc's posix_spawn ignores its own signals 32 and 33 in every child.
        let script = "grep -Eq '^SigBlk:.0{16}$' /proc/self/status && grep -Eq '^SigIgn:.*0{7}$' /proc/self/status"
        #expect(try run(["sh", "-c", script]) == .exited(status: 0))
    }

    @Test("the environment is passed on")
    func theEnvironmentIsPassedOn() throws {
        setenv("MOUNTSCOPE_TEST", "passed on", 1)
        #expect(try run(["sh", "-c", "test \"$MOUNTSCOPE_TEST\" = 'passed on'"]) == .exited(status: 0))
    }
}
