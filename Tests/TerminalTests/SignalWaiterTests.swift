import Contention
import Glibc
import SystemCalls
import Testing

@testable import Terminal

/// Signals belong to the whole process: one at a time. The signals are sent to the test's own thread, which blocks them.
@Suite(.serialized) struct SignalWaiterTests {
    private var soon: UInt64 { Clocks.monotonic() + 30_000_000_000 }

    /// Children of other tests in this process may end at any time.
    private func news(_ waiter: SignalWaiter, until deadline: UInt64) throws -> Wakeup {
        while true {
            let wakeup = try waiter.wait(until: deadline)
            if wakeup != .childChanged { return wakeup }
        }
    }

    @Test("a deadline is not reached before its time")
    func aDeadlineIsReachedNotBeforeItsTime() throws {
        let waiter = try SignalWaiter()
        for milliseconds: UInt64 in [1, 5, 20] {
            let deadline = Clocks.monotonic() + milliseconds * 1_000_000
            #expect(try news(waiter, until: deadline) == .deadline)
            #expect(Clocks.monotonic() >= deadline)
            #expect(Clocks.monotonic() < deadline + 5_000_000_000)
        }
    }

    @Test("a deadline that has passed returns at once")
    func aDeadlineThatHasPassedReturnsAtOnce() throws {
        let waiter = try SignalWaiter()
        let start = Clocks.monotonic()
        #expect(try news(waiter, until: 0) == .deadline)
        #expect(try news(waiter, until: start) == .deadline)
        #expect(Clocks.monotonic() - start < 1_000_000_000)
    }

    @Test(
        "a signal is news, not death",
        arguments: [
            (SIGINT, Wakeup.stop(.interrupt, fromTerminal: false)), (SIGTERM, .stop(.terminate, fromTerminal: false)),
            (SIGHUP, .stop(.hangUp, fromTerminal: false)),
            (SIGQUIT, .stop(.quit, fromTerminal: false)), (SIGWINCH, .windowChanged), (SIGCHLD, .childChanged),
        ])
    func aSignalIsNewsNotDeath(signal: Int32, expected: Wakeup) throws {
        let waiter = try SignalWaiter()
        pthread_kill(pthread_self(), signal)
        #expect(
            try expected == .childChanged ? waiter.wait(until: soon) == expected : news(waiter, until: soon) == expected
        )
    }

    @Test("a signal comes before a deadline that has passed")
    func aSignalComesBeforeADeadlineThatHasPassed() throws {
        let waiter = try SignalWaiter()
        pthread_kill(pthread_self(), SIGINT)
        #expect(try news(waiter, until: 0) == .stop(.interrupt, fromTerminal: false))
        #expect(try news(waiter, until: 0) == .deadline)
    }

    @Test("the signals are as before when the waiter goes")
    func theSignalsAreAsBeforeWhenTheWaiterGoes() throws {
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
        var mask = sigset_t()
        do {
            let waiter = try SignalWaiter()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            #expect(sigismember(&mask, SIGINT) == 1)
            _ = try waiter.wait(until: 0)
        }
        pthread_sigmask(SIG_BLOCK, nil, &mask)
        #expect(sigismember(&mask, SIGINT) == 0)
    }

    @Test("a reader that goes away is news once")
    func aReaderThatGoesAwayIsNewsOnce() throws {
        let ends = try PipeEnds()
        let waiter = try SignalWaiter(watching: try ends.output())
        #expect(try news(waiter, until: 0) == .deadline)
        ends.reading = nil
        #expect(try news(waiter, until: soon) == .outputClosed)
        #expect(try news(waiter, until: 0) == .deadline)
    }

    @Test("a key is news, the end of the keyboard is not")
    func aKeyIsNewsAndTheEndOfTheKeyboardIsNot() throws {
        let ends = try PipeEnds()
        let waiter = try SignalWaiter(keyboard: try #require(ends.reading).number)
        try ends.writing?.write(Array("q\u{1B}[Aä".utf8))
        for key: Key in [.character("q"), .up, .character("ä")] { #expect(try news(waiter, until: soon) == .key(key)) }
        try ends.writing?.write([0x1B])
        #expect(try news(waiter, until: soon) == .key(.escape))
        ends.writing = nil
        #expect(try news(waiter, until: Clocks.monotonic() + 1_000_000) == .deadline)
    }
}

/// A pipe whose ends are closed by setting them to nil.
final class PipeEnds {
    var reading: FileDescriptor?
    var writing: FileDescriptor?

    init() throws {
        var ends: [Int32] = [0, 0]
        try retryingInterrupted { pipe(&ends) }
        reading = FileDescriptor(owning: ends[0])
        writing = FileDescriptor(owning: ends[1])
    }

    func output() throws -> Output { Output(try #require(writing).number) }
}
