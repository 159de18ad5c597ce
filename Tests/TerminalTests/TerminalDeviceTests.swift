import Testing

@testable import Terminal

@Suite struct TerminalDeviceTests {
    @Test("a terminal that says nothing of itself, or that it is dumb, gets no sequences")
    func dumb() {
        for kind in [nil, "", "dumb"] { #expect(!TerminalDevice.takesSequences(kind)) }
        for kind in ["xterm-256color", "linux", "vt100", "screen"] { #expect(TerminalDevice.takesSequences(kind)) }
    }
}
