/// A plot with its title, its axes and its words. The drawing is stretched to the room there is; text is not drawn, so that it
/// is as large on a telephone as on a wall.
struct PlotBox {
    /// A mark on an axis.
    struct Tick {
        /// 0...1, from the left or from the bottom.
        let position: Double
        let text: String
    }

    /// The question that it answers, and the unit.
    let title: String
    let unit: String
    var yTicks: [Tick] = []
    /// Whether a rule goes through the drawing at each of them.
    var isRuled = true
    var xTicks: [Tick] = []
    /// Labels on top of the drawing, each in a line of its own.
    var marks: [Tick] = []
    /// SVG, in thousandths of width and height, from the top left.
    var drawing = ""
    /// For those who cannot see it.
    let label: String
    /// Markup beneath it.
    var legend = ""
    /// Of the drawing, in pixels of the screen.
    var height = 144

    static let size = 1000.0

    var figure: String {
        let heading = "<b>\(Markup.escaped(title))</b> <span class=\"soft\">\(Markup.escaped(unit))</span>"
        let rules = yTicks.map { "M0 \(PlotBox.y($0.position))H1000" }.joined()
        let grid = rules.isEmpty || !isRuled ? "" : "<path class=\"grid\" d=\"\(rules)\"/>"
        let svg = Markup.element(
            "svg",
            [
                "viewBox": "0 0 1000 1000", "preserveAspectRatio": "none", "role": "img", "aria-label": label,
                "style": "height:\(height)px",
            ], grid + drawing)
        let left = yTicks.map {
            "<span style=\"bottom:\(PlotBox.percent($0.position))\">\(Markup.escaped($0.text))</span>"
        }
        let bottom = xTicks.map {
            "<span style=\"left:\(PlotBox.percent($0.position))\">\(Markup.escaped($0.text))</span>"
        }
        let top = marks.enumerated().map { line, mark in
            // At the right edge there is no room behind it.
            let back = mark.position > 0.85 ? " class=\"back\"" : ""
            let place = "left:\(PlotBox.percent(mark.position));top:\(line)em"
            return "<span\(back) style=\"\(place)\">\(Markup.escaped(mark.text))</span>"
        }
        var parts = "<div class=\"y\" aria-hidden=\"true\">\(left.joined())</div>"
        let over = top.isEmpty ? "" : "<div class=\"marks\" aria-hidden=\"true\">\(top.joined())</div>"
        parts += "<div class=\"drawn\">\(svg)\(over)</div>"
        parts += "<div class=\"x\" aria-hidden=\"true\">\(bottom.joined())</div>"
        return "<figure><figcaption>\(heading)</figcaption>\n<div class=\"box\">\(parts)</div>\(legend)</figure>"
    }

    /// A coordinate from the top.
    /// - Parameter position: 0...1 from the bottom.
    static func y(_ position: Double) -> String { Markup.coordinate((1 - position) * size) }

    /// `25.5%`
    static func percent(_ position: Double) -> String { Markup.coordinate(position * 100) + "%" }
}

/// One entry of a plot's legend: the colour, the name and its numbers.
struct LegendEntry {
    /// The class of the colour.
    let colour: String
    let name: String
    let numbers: String

    static func list(_ entries: [LegendEntry]) -> String {
        let items = entries.map { entry in
            let key = "<span class=\"key \(entry.colour)\"></span>"
            return
                "<li>\(key)\(Markup.escaped(entry.name)) <span class=\"soft\">\(Markup.escaped(entry.numbers))</span></li>"
        }
        return "<ul class=\"legend\">\(items.joined())</ul>"
    }
}
