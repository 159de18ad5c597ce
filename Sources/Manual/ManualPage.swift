import JSON

/// The manual page of a command with its subcommands: mdoc(7), section 8, where tools for root are.
///
/// Synopsis and options come from the commands' own definitions, so that page and `--help` cannot differ; what is not
/// in them is in `ManualText`.
public struct ManualPage: Sendable {
    private let command: CommandDescription

    /// - Parameter help: what swift-argument-parser's `--experimental-dump-help` prints.
    /// - Throws: `ManualError` where it has another form.
    public init(help: String) throws(ManualError) {
        let json: JSONValue
        do { json = try JSONValue.parse(Array(help.utf8)) } catch {
            throw ManualError.unknownForm("no JSON: \(error)")
        }
        guard let described = json["command"] else { throw ManualError.unknownForm("no command") }
        command = try CommandDescription(json: described)
    }

    /// The page as man(1) reads it.
    public var text: String {
        var page = Mdoc()
        page.macro(".Dd \(ManualText.date)")
        page.macro(".Dt \(command.name.uppercased()) 8")
        page.macro(".Os")
        page.macro(".Sh NAME")
        page.macro(".Nm \(command.name)")
        page.macro(".Nd \(ManualText.summary)")
        page.macro(".Sh SYNOPSIS")
        for one in command.subcommands { synopsis(of: one, to: &page) }
        page.macro(".Sh DESCRIPTION")
        page.paragraphs(ManualText.description)
        options(command.arguments, to: &page)
        page.macro(".Sh COMMANDS")
        for one in command.subcommands { describe(one, to: &page) }
        for section in ManualText.sections { write(section, to: &page) }
        return page.text
    }

    private func synopsis(of one: CommandDescription, to page: inout Mdoc) {
        page.macro(".Nm \(command.name)")
        page.macro(".Cm \(one.name)")
        for argument in one.arguments where !isCommon(argument) && argument.kind != .positional {
            page.macro(".Op \(usage(argument))")
        }
        for argument in one.arguments where argument.kind == .positional {
            let usage = usage(argument)
            page.macro(argument.isOptional ? ".Op \(usage)" : ".\(usage)")
        }
    }

    private func usage(_ argument: ArgumentDescription) -> String {
        let value = "Ar \(argument.valueName)"
        let name = argument.names.first.map { "Fl \($0.dropFirst())" }
        switch argument.kind {
        case .flag: return name ?? ""
        case .option: return "\(name ?? "") \(value)" + (argument.isRepeating ? " ..." : "")
        case .positional:
            return (argument.followsTerminator ? "Fl - " : "") + value + (argument.isRepeating ? " ..." : "")
        }
    }

    private func describe(_ one: CommandDescription, to page: inout Mdoc) {
        page.macro(".Ss \(command.name) \(one.name)")
        page.paragraphs(one.abstract)
        if !one.discussion.isEmpty {
            page.macro(".Pp")
            page.paragraphs(one.discussion)
        }
        let own = one.arguments.filter { !isCommon($0) }
        var sections: [String] = []
        for argument in own where !sections.contains(argument.section) { sections.append(argument.section) }
        for section in sections.sorted(by: { $0.isEmpty && !$1.isEmpty }) {
            if !section.isEmpty {
                page.macro(".Pp")
                page.sentences("\(section):")
            }
            options(own.filter { $0.section == section }, to: &page)
        }
    }

    private func options(_ arguments: [ArgumentDescription], to page: inout Mdoc) {
        guard !arguments.isEmpty else { return }
        page.macro(".Bl -tag -width Ds")
        for argument in arguments {
            let names = argument.names.map { "Fl \($0.dropFirst())" }.joined(separator: " , ")
            let value = argument.kind == .flag ? "" : " Ar \(argument.valueName)"
            page.macro(".It \(argument.kind == .positional ? usage(argument) : names + value)")
            page.paragraphs(help(argument))
        }
        page.macro(".El")
    }

    private func help(_ argument: ArgumentDescription) -> String {
        var help = argument.abstract
        if !argument.values.isEmpty { help += " One of: \(argument.values.joined(separator: ", "))." }
        if let value = argument.defaultValue { help += " Default: \(value)." }
        return help
    }

    /// Options that every command has are described once.
    private func isCommon(_ argument: ArgumentDescription) -> Bool { command.arguments.contains(argument) }

    private func write(_ section: ManualSection, to page: inout Mdoc) {
        page.macro(".Sh \(section.title)")
        if !section.text.isEmpty { page.paragraphs(section.text) }
        if !section.items.isEmpty {
            page.macro(".Bl -tag -width Ds")
            for item in section.items {
                page.macro(".It \(item.term)")
                page.paragraphs(item.text)
            }
            page.macro(".El")
        }
        for line in section.macros { page.macro(line) }
    }
}
