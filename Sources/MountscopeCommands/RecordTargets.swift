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
        help: ArgumentHelp(
            "Go on in new files after a time or a size: 1h, 512MiB.", valueName: "limit"),
        transform: RotationArgument.parse)
    var rotate: Rotation?
    @Flag(help: "Leave rows out where nothing happened; report and compare fill them in.")
    var sparse = false
    @Option(
        help: ArgumentHelp(
            "Keep the sums so far in a file for node_exporter's textfile collector: DIR/mountscope.prom.",
            valueName: "file"), completion: .file(extensions: ["prom"]))
    var textfile: String?
    @Option(help: ArgumentHelp("How to write it; node_exporter reads prometheus.", valueName: "format"))
    var textfileFormat = ExpositionFormat.prometheus

    func validate() throws {
        guard output != nil || textfile != nil else {
            throw ValidationError("where to? Name a folder with --output, a file with --textfile, or both")
        }
        if output == nil, rotate != nil || sparse {
            throw ValidationError("--rotate and --sparse are about the run's folder: name it with --output")
        }
    }

    /// What is to be written, looked at before any probe is attached.
    struct Checked {
        let folder: RunFolder?
        let textfile: Textfile?
        let format: ExpositionFormat
        let options: RunWriter.Options

        /// What the user reads: the folder, or else the file.
        var path: String { folder?.path ?? textfile?.path ?? "" }

        /// - Throws: `RunFolderError` or `SystemFailure`; nothing is left behind.
        func sinks(_ description: RunDescription) throws -> [any RunSink] {
            var sinks: [any RunSink] = []
            if let folder { sinks.append(try RunWriter(folder: folder, description: description, options: options)) }
            if let textfile {
                sinks.append(TextfileWriter(file: textfile, format: format, description: description))
            }
            return sinks
        }
    }

    /// - Throws: `RunFolderError` or `SystemFailure`.
    func check() throws -> Checked {
        var options = RunWriter.Options()
        options.rotation = rotate
        options.isSparse = sparse
        return Checked(
            folder: try output.map { try RunFolder(path: $0, force: force) },
            textfile: try textfile.map { try Textfile(path: $0) }, format: textfileFormat, options: options)
    }
}

extension ExpositionFormat: ExpressibleByArgument {}
