// Compiles eBPF sources and writes their objects into one Swift source, as words: a byte array literal of the same
// size takes the Swift compiler several times as long.
import Foundation

struct Failure: Error, CustomStringConvertible {
    let description: String
}

struct Arguments {
    var output = ""
    var includes: [String] = []
    var clangs: [String] = []
    var sources: [String] = []

    init(_ words: [String]) throws {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--output": output = try Self.value(of: word, in: &rest)
            case "--include": includes.append(try Self.value(of: word, in: &rest))
            case "--clang": clangs.append(try Self.value(of: word, in: &rest))
            default: sources.append(word)
            }
        }
    }

    private static func value(of option: String, in rest: inout ArraySlice<String>) throws -> String {
        guard let value = rest.popFirst() else { throw Failure(description: "\(option) needs a value") }
        return value
    }
}

/// Runs a program; its standard output, or what it said when it failed.
func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw Failure(description: "\(program) failed with status \(process.terminationStatus)")
    }
    return String(decoding: data, as: UTF8.self)
}

/// The first clang that can compile for bpf: those given, then every clang on PATH, newest first.
func findClang(_ given: [String]) throws -> String {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let names = ["clang"] + (14...40).reversed().map { "clang-\($0)" }
    let onPath = folders.flatMap { folder in names.map { "\(folder)/\($0)" } } + names.map { "/usr/bin/\($0)" }
    for candidate in given + onPath where FileManager.default.isExecutableFile(atPath: candidate) {
        if let targets = try? run(candidate, ["--print-targets"]), targets.contains("bpf ") { return candidate }
    }
    throw Failure(description: "no clang with the bpf target found; install one (Debian: apt-get install clang)")
}

func compile(_ source: String, with clang: String, includes: [String], into object: String) throws {
    let flags = ["-target", "bpf", "-g", "-O2", "-mcpu=v3", "-Wall", "-Werror"]
    let prefix = ["-fdebug-compilation-dir=.", "-fno-ident"]
    _ = try run(clang, flags + prefix + includes.map { "-I\($0)" } + ["-c", source, "-o", object])
    // The debug sections are only needed to make the BTF; dropping them is a matter of size.
    let strip = URL(fileURLWithPath: clang).deletingLastPathComponent().appendingPathComponent("llvm-objcopy").path
    if FileManager.default.isExecutableFile(atPath: strip) { _ = try run(strip, ["--strip-debug", object]) }
}

/// `kernel_reader.bpf.c` becomes `kernelReader`.
func constantName(of source: String) -> String {
    let base = URL(fileURLWithPath: source).lastPathComponent.replacingOccurrences(of: ".bpf.c", with: "")
    let words = base.split(separator: "_")
    return words.enumerated().map { $0.offset == 0 ? String($0.element) : $0.element.capitalized }.joined()
}

func swiftConstant(_ name: String, _ bytes: [UInt8]) -> String {
    var text = "    static let \(name) = ProbeImage(byteCount: \(bytes.count), words: [\n"
    for line in stride(from: 0, to: bytes.count, by: 64) {
        let words = stride(from: line, to: min(line + 64, bytes.count), by: 8).map { start -> String in
            var word: UInt64 = 0
            for index in start..<min(start + 8, bytes.count) {
                word |= UInt64(bytes[index]) << UInt64(8 * (index - start))
            }
            return "0x" + String(word, radix: 16)
        }
        text += "        " + words.joined(separator: ",") + ",\n"
    }
    return text + "    ])\n"
}

do {
    let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
    let clang = try findClang(arguments.clangs)
    var text = "// Made by the CompileBPF plugin from bpf/*.bpf.c.\n\nextension ProbeImage {\n"
    for source in arguments.sources {
        let object = arguments.output + "." + URL(fileURLWithPath: source).lastPathComponent + ".o"
        try compile(source, with: clang, includes: arguments.includes, into: object)
        let data = try Data(contentsOf: URL(fileURLWithPath: object))
        text += swiftConstant(constantName(of: source), [UInt8](data))
        try FileManager.default.removeItem(atPath: object)
    }
    text += "}\n"
    try text.write(toFile: arguments.output, atomically: true, encoding: .utf8)
} catch {
    FileHandle.standardError.write(Data("EmbedBPF: error: \(error)\n".utf8))
    exit(1)
}
