/// An axis from 0 with round numbers on it.
struct Axis {
    /// Where it ends; at least the greatest value.
    let end: Double
    let ticks: [Double]

    /// - Parameters:
    ///   - greatest: of the values.
    ///   - count: how many steps there should be, about.
    init(upTo greatest: Double, count: Int = 4, roundUp: Bool = true) {
        guard greatest > 0, greatest.isFinite else {
            end = 1
            ticks = [0]
            return
        }
        let step = Axis.roundStep(greatest / Double(count))
        let last = roundUp ? (greatest / step).rounded(.up) : (greatest / step).rounded(.down)
        end = roundUp ? last * step : greatest
        ticks = stride(from: 0, through: last, by: 1).map { $0 * step }
    }

    /// The next of 1, 2, 5, 10, ... that is not smaller.
    private static func roundStep(_ least: Double) -> Double {
        var power = 1.0
        while power * 10 <= least { power *= 10 }
        while power > least { power /= 10 }
        return [1, 2, 5].map { $0 * power }.first { $0 >= least } ?? power * 10
    }
}

/// Where a plot's content lies, in pixels.
struct PlotFrame {
    let width = 560.0
    let left = 62.0
    let right = 10.0
    let top = 8.0
    let bottom = 22.0
    let height: Double

    var innerWidth: Double { width - left - right }
    var innerHeight: Double { height - top - bottom }
    var floor: Double { height - bottom }

    /// A whole plot.
    /// - Parameter label: for those who cannot see it.
    func svg(label: String, _ content: String) -> String {
        let size = "0 0 \(Markup.coordinate(width)) \(Markup.coordinate(height))"
        return Markup.element("svg", ["viewBox": size, "role": "img", "aria-label": label], content)
    }

    func text(_ text: String, x: Double, y: Double, _ anchor: String) -> String {
        Markup.element(
            "text", ["x": Markup.coordinate(x), "y": Markup.coordinate(y), "class": anchor], Markup.escaped(text))
    }

    /// Horizontal rules with their values.
    func rules(_ axis: Axis, _ words: (Double) -> String) -> String {
        axis.ticks.map { tick in
            let y = floor - tick / axis.end * innerHeight
            let path = "M\(Markup.coordinate(left)) \(Markup.coordinate(y))H\(Markup.coordinate(width - right))"
            return Markup.element("path", ["class": "grid", "d": path], "")
                + text(words(tick), x: left - 6, y: y + 4, "end")
        }.joined()
    }

    /// The run's time along the bottom, in seconds, minutes or hours.
    func time(_ elapsed: UInt64) -> String {
        let seconds = Double(elapsed) / 1e9
        let (size, unit) = seconds >= 7200 ? (3600.0, "h") : seconds >= 300 ? (60.0, "min") : (1.0, "s")
        let whole = seconds / size
        return Axis(upTo: whole, count: 6, roundUp: false).ticks.map { tick in
            let words = tick.rounded() == tick || whole >= 20 ? "\(Int(min(tick, 1e15).rounded()))" : Units.plain(tick)
            return text("\(words) \(unit)", x: left + tick / max(whole, 1e-9) * innerWidth, y: height - 6, "middle")
        }.joined()
    }
}
