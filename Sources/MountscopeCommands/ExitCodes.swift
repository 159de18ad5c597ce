/// What the exit status says.
enum ExitCodes {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    /// `compare` found a regression beyond `--fail-over`.
    static let regression: Int32 = 2
    /// `compare --fail-over` could not judge.
    static let unjudged: Int32 = 3
    /// EX_USAGE of sysexits.h.
    static let usage: Int32 = 64
    /// EX_UNAVAILABLE: this kernel lacks a required probe.
    static let unavailable: Int32 = 69
    /// EX_NOPERM.
    static let notPermitted: Int32 = 77
}
