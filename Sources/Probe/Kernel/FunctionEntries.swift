/// How a kernel takes programs at the entries of functions (CONFIG_FPROBE; kernel/trace/fprobe.c).
enum FunctionEntries {
    /// The handlers that ftrace itself calls at an entry: of 6.12 and before, and of 7.0 and later.
    static let handlers: Set<String> = ["fprobe_handler", "fprobe_ftrace_entry"]
    private static let register = "register_fprobe_ips"
    static let wantedSymbols = handlers.union([register])

    /// Whether a probe on an entry touches nothing else and costs less than a kprobe.
    ///
    /// Kernels between have the function graph tracer carry it, even where no exit is wanted: that gives each task of the
    /// machine a shadow stack and hooks each context switch (`__schedule` is patched), so a kprobe is the smaller thing.
    static func areAlone(_ symbols: KernelSymbols) -> Bool {
        symbols.only(named: register) != nil && handlers.contains { symbols.only(named: $0) != nil }
    }
}
