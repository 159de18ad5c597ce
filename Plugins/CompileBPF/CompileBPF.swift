import Foundation
import PackagePlugin

/// Compiles every bpf/*.bpf.c and embeds the objects: one command whose only output is a Swift source.
@main
struct CompileBPF: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let root = context.package.directoryURL
        let programs = root.appending(path: "bpf", directoryHint: .isDirectory)
        let headers = root.appending(path: "Sources/CProbe/include", directoryHint: .isDirectory)
        let output = context.pluginWorkDirectoryURL.appending(path: "ProbeImages.swift")
        // A change of any of them, headers included, builds the objects anew.
        let inputs = try files(in: programs, endingIn: [".c", ".h"]) + files(in: headers, endingIn: [".h"])
        var arguments = ["--output", output.path, "--include", headers.path, "--include", programs.path]
        // The toolchain's own clang, where it has one; the tool looks for others if that lacks the bpf target.
        if let clang = try? context.tool(named: "clang") {
            arguments += ["--clang", clang.url.path]
        }
        arguments += inputs.map(\.path).filter { $0.hasSuffix(".bpf.c") }
        return [
            .buildCommand(
                displayName: "Compiling the eBPF programs",
                executable: try context.tool(named: "EmbedBPF").url,
                arguments: arguments,
                inputFiles: inputs,
                outputFiles: [output])
        ]
    }

    private func files(in folder: URL, endingIn endings: [String]) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { url in endings.contains { url.lastPathComponent.hasSuffix($0) } }
            .sorted { $0.path < $1.path }
    }
}
