import ArgumentParser

/// The `mountscope` command: binds the subcommands, holds no logic.
public struct Mountscope: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "mountscope",
        abstract: "Shows who fights over Linux's global mount locks, mount_lock and namespace_sem.",
        version: "0.1.0",
        subcommands: [LoadCommand.self])

    public init() {}
}
