import Contention
import Glibc
import SystemCalls
import Testing

@testable import Terminal

/// Signals belong to the whole process: one at a time. The signals are sent to the test's own thread, which blocks them.
@Suite(.serialized) struct SignalWaiterTests {
    private var soon: UInt64 { Clocks.monotonic() + 30_000_000_000 }

    @Test func aDeadlineIsReachedNotBeforeItsTime() throws {
        let waiter = try SignalWaiter()
        for milliseconds: UInt64 in [1, 5, 20] {
            let deadline = Clocks.monotonic() + milliseconds * 1_000_000
            #expect(try waiter.wait(until: deadline) == .deadline)
            #expect(Clocks.monotonic() >= deadline)
            #expect(Clocks.monotonic() < deadline + 5_000_000_000)
        }
    }

    @Test func aDeadlineThatHasPassedReturnsAtOnce() throws {
        let waiter = try SignalWaiter()
        let start = Clocks.monotonic()
        #expect(try waiter.wait(until: 0) == .deadline)
        #expect(try waiter.wait(until: start) == .deadline)
        #expect(Clocks.monotonic() - start < 1_000_000_000)
    }

    @Test(arguments: [
        (SIGINT, Wakeup.stop(.interrupt, fromTerminal: false)), (SIGTERM, .stop(.terminate, fromTerminal: false)),
        (SIGHUP, .stop(.hangUp, fromTerminal: false)), (SIGWINCH, .windowChanged), (SIGCHLD, .childChanged),
    ])
    func aSignalIsNewsNotDeath(signal: Int32, expected: Wakeup) throws {
        let waiter = try SignalWaiter()
        pthread_kill(pthread_self(), signal)
        #expect(try waiter.wait(until: soon) == expected)
    }

    @Test func aSignalComesBeforeADeadlineThatHasPassed() throws {
        let waiter = try SignalWaiter()
        pthread_kill(pthread_self(), SIGINT)
        #expect(try waiter.wait(until: 0) == .stop(.interrupt, fromTerminal: false))
        #expect(try waiter.wait(until: 0) == .deadline)
    }

    @Test func theSignalsAreAsBeforeWhenTheWaiterGoes() throws {
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

    @Test func aReaderThatGoesAwayIsNewsOnce() throws {
        let ends = try PipeEnds()
        let waiter = try SignalWaiter(watching: try ends.output())
        #expect(try waiter.wait(until: 0) == .deadline)
        ends.reading = nil
        #expect(try waiter.wait(until: soon) == .outputClosed)
        #expect(try waiter.wait(until: 0) == .deadline)
    }

    @Test func aKeyIsNewsAndTheEndOfTheKeyboardIsNot() throws {
        let ends = try PipeEnds()
        let waiter = try SignalWaiter(keyboard: try #require(ends.reading).number)
        try ends.writing?.write(Array("q\u{1B}[A".utf8))
        #expect(try waiter.wait(until: soon) == .key(UInt8(ascii: "q")))
        ends.writing = nil
        #expect(try waiter.wait(until: Clocks.monotonic() + 1_000_000) == .deadline)
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
