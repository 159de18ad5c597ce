import ArgumentParser

/// The exit codes of every subcommand; the values of 64 and above are those of sysexits.h.
enum ExitCodes {
    static let done = ExitCode(0)
    static let failed = ExitCode(1)
    static let usage = ExitCode(64)
    static let unavailable = ExitCode(69)
    static let noPermission = ExitCode(77)
}
