import ArgumentParser
import Terminal
import Workload

/// `mountscope load`: the same load everywhere, so that kernels can be compared.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Works the mount locks in a private mount namespace and prints as JSON what it did.",
        discussion: loadDiscussion)

    @Argument(help: "What the threads do.")
    var scenario: LoadScenario

    @OptionGroup var options: LoadOptions
    @OptionGroup(title: "Threads of the mix") var mix: LoadMixOptions

    func validate() throws {
        do {
            _ = try plan()
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        try ErrorReport.exiting {
            let display = LoadDisplay()
            defer { display.clear() }
            try runLoad(try plan(), progress: display.show) { report in
                display.clear()
                try Output.standard.write(report.json + "\n")
                try LoadDelivery.hand(report.json)
                if let shortfall = report.shortfall {
                    try Output.error.write("mountscope: the load did not keep its rate: \(shortfall)\n")
                }
            }
        }
    }

    private func plan() throws(WorkloadError) -> LoadPlan {
        var request = options.request
        request.mix = mix.byKind
        return try request.plan(for: scenario)
    }
}
