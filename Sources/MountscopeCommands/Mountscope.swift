import ArgumentParser

/// The `mountscope` command: binds the subcommands, holds no logic.
public struct Mountscope: ParsableCommand {
    /// The tool's version, in `--version` and in every run.
    static let version = "0.1.0"

    public static let configuration = CommandConfiguration(
        commandName: "mountscope",
        abstract: "Shows who fights over Linux's global mount locks, mount_lock and namespace_sem.",
        version: version,
        subcommands: [
            LiveCommand.self, RecordCommand.self, ReportCommand.self, CompareCommand.self, ProbeCommand.self,
            LoadCommand.self,
        ])

    public init() {}
}
