import Frames
import Glibc
import SystemCalls
import Testing

@testable import Terminal

@Suite struct ScreenTests {
    private func written(_ body: (Output) throws -> Void) throws -> String {
        let ends = try PipeEnds()
        try body(try ends.output())
        ends.writing = nil
        return String(decoding: try #require(ends.reading).readToEnd(), as: UTF8.self)
    }

    private let entering = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?2004h\u{1B}[H\u{1B}[J"
    private let leaving = "\u{1B}[?2004l\u{1B}[m\u{1B}[?25h\u{1B}[?1049l"

    @Test("the screen is left when its owner throws")
    func theScreenIsLeftWhenItsOwnerThrows() throws {
        struct Accident: Error {}
        let text = try written { output in
            #expect(throws: Accident.self) {
                let screen = try Screen(output: output, keyboard: -1)
                _ = screen.size
                throw Accident()
            }
        }
        #expect(text == entering + leaving)
    }

    @Test("leaving twice is leaving once")
    func leavingTwiceIsLeavingOnce() throws {
        let text = try written { output in
            let screen = try Screen(output: output, keyboard: -1)
            try screen.leave()
            try screen.leave()
        }
        #expect(text == entering + leaving)
    }

    @Test("the first frame is drawn whole, the next one where it differs, the same one not at all")
    func frames() throws {
        let text = try written { output in
            let screen = try Screen(output: output, keyboard: -1)
            var frame = Frame(screen.size)
            frame.write("rate 1", column: 0, row: 2)
            try screen.draw(frame)
            try screen.draw(frame)
            frame.write("2", column: 5, row: 2)
            try screen.draw(frame)
        }
        let first = "\u{1B}[m\u{1B}[H\u{1B}[J\u{1B}[3H\u{1B}[mrate 1"
        #expect(text == entering + first + "\u{1B}[3;6H\u{1B}[m2" + leaving)
    }

    @Test("a reader that has gone is told apart from other failures")
    func aReaderThatHasGoneIsToldApartFromOtherFailures() throws {
        Output.ignoreBrokenPipes()
        let ends = try PipeEnds()
        ends.reading = nil
        #expect(throws: OutputError.closed) { try ends.output().write("x") }
        let full = try FileDescriptor.open("/dev/full", O_WRONLY)
        #expect(throws: OutputError.failed(Errno(ENOSPC))) { try Output(full.number).write("x") }
    }

    @Test("a pipe is no terminal and has no size")
    func aPipeIsNoTerminalAndHasNoSize() throws {
        let output = try PipeEnds().output()
        #expect(!output.isTerminal)
        #expect(TerminalDevice.windowSize(output.descriptor) == nil)
    }
}
