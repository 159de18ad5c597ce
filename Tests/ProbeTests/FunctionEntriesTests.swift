import Testing

@testable import Probe

/// Symbols of kernel/trace/fprobe.c as Debian's kernels have them.
@Suite("Entries of functions are probed without kprobes only where ftrace alone does it")
struct FunctionEntriesTests {
    private func symbols(_ names: [String]) -> KernelSymbols {
        let lines = names.enumerated().map { "ffffffff8100\(1000 + $0.offset) t \($0.element)\n" }
        return parseSymbols(lines.joined(), FunctionEntries.wantedSymbols)
    }

    @Test(
        "by the handler that a kernel has",
        arguments: [
            (["register_fprobe_ips", "fprobe_handler"], true),  // 6.12
            (["register_fprobe_ips", "fprobe_entry", "fprobe_return"], false),  // 6.16, 6.18: function graph
            (["register_fprobe_ips", "fprobe_ftrace_entry", "fprobe_fgraph_entry", "fprobe_return"], true),  // 7.0, 7.3
            (["fprobe_handler"], false),
            ([], false),  // 5.10, 6.1: without CONFIG_FPROBE
        ])
    func rule(names: [String], alone: Bool) {
        #expect(FunctionEntries.areAlone(symbols(names)) == alone)
    }
}
