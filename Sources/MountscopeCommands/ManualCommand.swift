import ArgumentParser
import Manual
import Terminal

/// `mountscope manual`, for packages and scripts/install
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Prints the manual page, mountscope(8).", shouldDisplay: false)

    func run() throws {
        try ErrorReport.exiting {
            try Output.standard.write(ManualPage(help: Mountscope._dumpHelp()).text)
        }
    }
}
