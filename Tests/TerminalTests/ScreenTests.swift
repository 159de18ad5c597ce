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

    private let entering = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[H\u{1B}[J"
    private let leaving = "\u{1B}[?25h\u{1B}[?1049l"

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

    @Test("lines are drawn in place and cut to the window")
    func linesAreDrawnInPlaceAndCutToTheWindow() throws {
        let text = try written { output in
            let screen = try Screen(output: output, keyboard: -1)
            try screen.draw(["title", String(repeating: "x", count: 100)], boldLine: 0)
        }
        let cut = String(repeating: "x", count: 80)
        #expect(text == entering + "\u{1B}[H\u{1B}[1mtitle\u{1B}[0m\u{1B}[K\r\n\(cut)\u{1B}[K\u{1B}[J" + leaving)
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
