import Frames

/// The looks of inks, as parameters of SGR (ECMA-48 8.3.117): what a terminal of few colours has too.
struct Palette {
    private let colours: FrameStyle.Colours

    init(_ colours: FrameStyle.Colours) { self.colours = colours }

    /// The sequence that sets exactly this, whatever was set before.
    func sequence(_ ink: Ink) -> String {
        let parameters = parameters(ink)
        return parameters.isEmpty ? "\u{1B}[m" : "\u{1B}[0;\(parameters)m"
    }

    private func parameters(_ ink: Ink) -> String {
        switch ink {
        case .plain: ""
        case .strong: "1"
        case .faint: colours == .none ? "" : colours == .sixteen ? "" : "38;5;245"
        case .bar: "7"
        case .chosen: "1;7"
        case .calm: colours == .none ? "1" : "1;32"
        case .busy: colours == .none ? "1" : "1;33"
        case .storm: colours == .none ? "1;7" : "1;37;41"
        case .part(let number): part(number)
        case .heat(let step): heat(step)
        }
    }

    private func part(_ number: Int) -> String {
        switch colours {
        case .none: ""
        case .sixteen: "3\([1, 3, 6, 5][number & 3])"
        case .indexed: "38;5;\([167, 179, 74, 141][number & 3])"
        case .direct: "38;2;\(["214;92;76", "222;170;70", "86;154;206", "168;126;214"][number & 3])"
        }
    }

    /// Dark to bright, like "inferno", so that more stands out in every number of colours.
    private func heat(_ step: Int) -> String {
        let index = max(1, min(Ink.heatSteps, step)) - 1
        switch colours {
        case .none: return ""
        case .sixteen: return ["34", "34", "36", "36", "32", "33", "1;33", "1;31"][index]
        case .indexed: return "38;5;\([18, 55, 91, 127, 168, 209, 215, 229][index])"
        case .direct:
            let colours = [
                "40;11;84", "101;21;110", "159;42;99", "212;72;66", "245;125;21", "250;166;28", "250;193;39",
                "252;255;164",
            ]
            return "38;2;\(colours[index])"
        }
    }
}
