/// How metric families are written down.
public enum ExpositionFormat: String, Sendable, CaseIterable {
    /// Prometheus' text format 0.0.4, which node_exporter's textfile collector reads.
    case prometheus
    /// OpenMetrics 1.0. A reader of the other format takes its counters for untyped values.
    case openmetrics

    /// A whole exposition.
    func text(_ families: [MetricFamily]) -> String {
        families.map(text).joined() + (self == .openmetrics ? "# EOF\n" : "")
    }

    private func text(_ family: MetricFamily) -> String {
        // The older format names counters as their samples are named, the newer one without the suffix.
        let name = family.name + (self == .prometheus && family.kind == .counter ? "_total" : "")
        var text = "# HELP \(name) \(ExpositionFormat.escaped(family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
        if self == .openmetrics, let unit = family.unit { text += "# UNIT \(name) \(unit)\n" }
        for sample in family.samples {
            text += family.name + sample.suffix
            if !sample.labels.isEmpty {
                let labels = sample.labels.map { "\($0.name)=\"\(ExpositionFormat.escaped($0.value))\"" }
                text += "{\(labels.joined(separator: ","))}"
            }
            text += " \(sample.value.text)\n"
        }
        return text
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
