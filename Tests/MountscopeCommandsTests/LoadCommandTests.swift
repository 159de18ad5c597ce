import ArgumentParser
import Testing

@testable import MountscopeCommands

@Suite struct LoadCommandTests {
    @Test(
        "a load that makes no sense is a usage error",
        arguments: [
            ["load"], ["load", "nothing"], ["load", "bind", "-t", "0"], ["load", "bind", "--threads=-1"],
            ["load", "bind", "-n", "1", "-d", "1s"], ["load", "bind", "-d", "5x"], ["load", "bind", "--operations=-1"],
            ["load", "mix", "-t", "2"], ["load", "stat", "--detach"], ["load", "stat", "--bind", "1"],
            ["load", "mountinfo", "--file", "fstab"], ["load", "mountinfo", "--buffer", "0"],
        ])
    func usage(arguments: [String]) {
        #expect {
            try Mountscope.parseAsRoot(arguments)
        } throws: {
            Mountscope.exitCode(for: $0).rawValue == ExitCodes.usage
        }
    }

    @Test("options and counts reach the plan")
    func options() throws {
        let command = try #require(
            try Mountscope.parseAsRoot([
                "load", "mix", "-n", "5", "--mountinfo", "2", "--bind", "1", "--buffer", "4k", "--file", "mounts",
                "--detach", "--table-mounts", "7",
            ]) as? LoadCommand)
        let request = command.options.request
        #expect(request.operations == 5 && request.bufferBytes == 4096 && request.tableMounts == 7)
        #expect(request.tableFile == .mounts && request.detach)
        #expect(command.mix.byKind == [.mountinfo: 2, .bind: 1])
    }
}
