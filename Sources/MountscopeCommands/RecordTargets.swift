import ArgumentParser
import Recording

/// Where `mountscope record` writes to.
struct RecordTargets: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder to make; may be left out with --textfile.", valueName: "run"),
        completion: .directory)
    var output: String?
    @Flag(help: "Replace the run in the folder, if it holds one.")
    var force = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Go on in new files after a time or a size: 1h, 512MiB; 1s or 1MiB at least.", valueName: "limit"),
        transform: RotationArgument.parse)
    var rotate: Rotation?
    @Flag(help: "Leave rows out where nothing happened; report and compare fill them in.")
    var sparse = false
    @Option(
        help: ArgumentHelp(
            "Keep the sums so far in a file for node_exporter's textfile collector: DIR/mountscope.prom; - for "
                + "standard output.",
            valueName: "file"), completion: .file(extensions: ["prom"]))
    var textfile: String?
    @Option(help: ArgumentHelp("How to write it; node_exporter reads prometheus.", valueName: "format"))
    var textfileFormat = ExpositionFormat.prometheus

    func validate() throws {
        guard output != nil || textfile != nil else {
            throw ValidationError("where to? Name a folder with --output, a file with --textfile, or both")
        }
        try refuseEmpty(output, "--output")
        try refuseEmpty(textfile, "--textfile")
        if let textfile, textfileFormat == .prometheus, !textfile.hasSuffix(".prom"),
            !TextDestination.namesOfStandardOutput.contains(textfile)
        {
            throw ValidationError(
                "\"\(textfile)\" does not end in .prom: node_exporter reads no other file. Name it so, or choose "
                    + "--textfile-format openmetrics, or - for standard output")
        }
        if output == nil, rotate != nil || sparse {
            throw ValidationError("--rotate and --sparse are about the run's folder: name it with --output")
        }
    }

    /// What is to be written, looked at before any probe is attached.
    struct Checked {
        let folder: RunFolder?
        let textfile: TextDestination?
        /// Held as long as anything is written.
        let lock: TextfileLock?
        let format: ExpositionFormat
        let options: RunWriter.Options

        /// What the user reads: the folder, or else the file.
        var path: String { folder?.path ?? textfile?.name ?? "" }

        /// - Throws: `RunFolderError` or `SystemFailure`; nothing is left behind.
        func sinks(_ description: RunDescription) throws -> [any RunSink] {
            var sinks: [any RunSink] = []
            if let folder { sinks.append(try RunWriter(folder: folder, description: description, options: options)) }
            if let textfile {
                sinks.append(TextfileWriter(textfile, format: format, description: description))
            }
            return sinks
        }
    }

    /// - Throws: `RunFolderError`, `OutputRefusal` or `SystemFailure`.
    func check() throws -> Checked {
        var options = RunWriter.Options()
        options.rotation = rotate
        options.isSparse = sparse
        let destination = try textfile.map { try TextDestination($0, isForEverybody: true) }
        if let destination { try RunInputs.check(destination, outside: output) }
        let folder = try output.map { try RunFolder(path: $0, force: force) }
        var lock: TextfileLock?
        if case .file(let file) = destination { lock = try TextfileLock(file) }
        return Checked(
            folder: folder, textfile: destination, lock: lock, format: textfileFormat, options: options)
    }
}

extension ExpositionFormat: ExpressibleByArgument {}
