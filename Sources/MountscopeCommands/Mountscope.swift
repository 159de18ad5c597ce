import ArgumentParser
import SystemCalls

/// The `mountscope` command: binds the subcommands, holds no logic.
public struct Mountscope: ParsableCommand {
    /// The tool's version, in `--version` and in every run.
    static let version = "0.1.0"

    public static let configuration = CommandConfiguration(
        commandName: "mountscope",
        abstract: "Shows who fights over Linux's global mount locks, mount_lock and namespace_sem.",
        discussion: """
            Measuring needs root. To begin with:
              mountscope probe              what this kernel lets us measure, and how
              mountscope live               watch the host
              mountscope record -o RUN -- COMMAND
                                            what COMMAND causes, as CSV
              mountscope report RUN         what was recorded
              mountscope compare BASE... --to NEW...
                                            two kernels, several runs each
              mountscope versus OLD NEW     two commands: which one costs the locks less

            Exit status: 0 done, 1 failed, 2 compare found a regression, 3 compare could not judge, 64 usage, 69 this \
            kernel lacks what is required, 77 not permitted.
            """,
        version: version,
        subcommands: [
            LiveCommand.self, RecordCommand.self, ReportCommand.self, CompareCommand.self, VersusCommand.self,
            ProbeCommand.self,
            LoadCommand.self, ManualCommand.self,
        ])

    public init() {}

    /// Runs the command line of this process; ends it.
    ///
    /// Arguments may be any bytes: within the program they are text as `EscapedBytes` writes it, and bytes again for the
    /// kernel.
    /// - Parameter words: as main(3) gets them.
    public static func run(_ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Never {
        let arguments = Array(texts(words).dropFirst())
        if let topic = unknownTopic(arguments) {
            exit(withError: ValidationError("there is no command \"\(topic)\" to help with"))
        }
        main(arguments)
        exit()
    }

    private static func texts(_ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> [String] {
        var texts: [String] = []
        var next = words
        while let word = next.pointee {
            texts.append(EscapedBytes.text(word))
            next = next.successor()
        }
        return texts
    }

    /// What `help` is asked about although it is no command; nil where there is nothing of the kind.
    static func unknownTopic(_ arguments: [String]) -> String? {
        guard arguments.first == "help", let topic = arguments.dropFirst().first(where: { !$0.hasPrefix("-") }) else {
            return nil
        }
        let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        return known.contains(topic) ? nil : topic
    }
}
