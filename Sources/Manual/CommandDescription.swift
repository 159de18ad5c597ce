import JSON

/// A command and its options as swift-argument-parser describes them (its "dump-help" JSON, serialization version 0).
struct CommandDescription: Equatable, Sendable {
    let name: String
    let abstract: String
    let discussion: String
    /// Those that help shows.
    let arguments: [ArgumentDescription]
    /// Those that help shows, but for `help` itself.
    let subcommands: [CommandDescription]

    /// - Throws: `ManualError` where the JSON is no such description.
    init(json: JSONValue) throws(ManualError) {
        guard let name = json["commandName"]?.string else { throw ManualError.unknownForm("a command without a name") }
        self.name = name
        abstract = json["abstract"]?.string ?? ""
        discussion = json["discussion"]?.string ?? ""
        var arguments: [ArgumentDescription] = []
        for one in json["arguments"]?.elements ?? [] where one["shouldDisplay"] != .bool(false) {
            arguments.append(try ArgumentDescription(json: one))
        }
        var subcommands: [CommandDescription] = []
        for one in json["subcommands"]?.elements ?? [] where one["shouldDisplay"] != .bool(false) {
            let command = try CommandDescription(json: one)
            if command.name != "help" { subcommands.append(command) }
        }
        self.arguments = arguments
        self.subcommands = subcommands
    }
}

/// An option, a flag or a positional argument.
struct ArgumentDescription: Equatable, Sendable {
    enum Kind: String, Sendable {
        case positional, option, flag
    }

    let kind: Kind
    /// With their dashes, short ones first; empty for positional arguments.
    let names: [String]
    /// What stands for the value in help.
    let valueName: String
    let isOptional: Bool
    let isRepeating: Bool
    /// Whether it is what follows `--`.
    let followsTerminator: Bool
    /// The title of its group in help; empty for none.
    let section: String
    let abstract: String
    /// What it may be, where that is a list.
    let values: [String]
    let defaultValue: String?

    /// - Throws: `ManualError` where the JSON is no argument.
    init(json: JSONValue) throws(ManualError) {
        guard let kind = json["kind"]?.string.flatMap({ Kind(rawValue: $0) }) else {
            throw ManualError.unknownForm("an argument of no kind")
        }
        self.kind = kind
        let long = (json["names"]?.elements ?? []).compactMap { ArgumentDescription.name($0) }
        names = long.sorted { $0.count < $1.count }
        valueName = json["valueName"]?.string ?? ""
        isOptional = json["isOptional"] == .bool(true)
        isRepeating = json["isRepeating"] == .bool(true)
        followsTerminator = json["parsingStrategy"]?.string == "postTerminator"
        section = json["sectionTitle"]?.string ?? ""
        abstract = [json["abstract"]?.string, json["discussion"]?.string].compactMap { $0 }.joined(separator: " ")
        values = (json["allValues"]?.elements ?? []).compactMap(\.string)
        defaultValue = json["defaultValue"]?.string
    }

    private static func name(_ json: JSONValue) -> String? {
        guard let name = json["name"]?.string else { return nil }
        return (json["kind"]?.string == "long" ? "--" : "-") + name
    }
}

/// Why there is no manual page.
public enum ManualError: Error, Equatable {
    /// The description of the commands has a form that is not known.
    case unknownForm(String)
}
