import Frames

/// What the environment says of a terminal's colours and characters.
public enum TerminalStyle {
    /// - Parameter variable: the value of a variable of the environment; nil or empty where it is not set.
    public static func style(_ variable: (String) -> String?) -> FrameStyle {
        func value(_ name: String) -> String { variable(name) ?? "" }
        let kind = value("TERM")
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(value).first { !$0.isEmpty } ?? ""
        return FrameStyle(
            colours: value("NO_COLOR").isEmpty ? colours(kind, value("COLORTERM")) : .none,
            // The Linux console's font has none of the small bars.
            glyphs: isUTF8(locale) && kind != "linux" ? .unicode : .ascii)
    }

    private static func colours(_ kind: String, _ more: String) -> FrameStyle.Colours {
        if kind.hasSuffix("-m") || kind.hasSuffix("-mono") || kind.hasPrefix("vt") { return .none }
        if more == "truecolor" || more == "24bit" || kind.hasSuffix("-direct") { return .direct }
        return kind.contains("256color") ? .indexed : .sixteen
    }

    private static func isUTF8(_ locale: String) -> Bool {
        let codeset = locale.lowercased().split(separator: ".").dropFirst().first?.prefix { $0 != "@" } ?? ""
        return codeset == "utf-8" || codeset == "utf8"
    }
}
