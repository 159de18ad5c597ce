/// What a cell is, not how it looks: colours are given to it by what the terminal has.
public enum Ink: Sendable, Equatable, Hashable {
    case plain
    /// Stands out: titles, the numbers of a verdict.
    case strong
    /// Stands back: what is not known, rulers.
    case faint
    /// The title line and the line of the views.
    case bar
    /// The view that is shown, and the row that is chosen.
    case chosen
    case calm, busy, storm
    /// A part of a stacked plot, 0 to 3.
    case part(Int)
    /// How much of something there is, 1 (little) to `Ink.heatSteps` (the most).
    case heat(Int)

    public static let heatSteps = 8
}

/// One place of a frame.
public struct Cell: Sendable, Equatable {
    /// What stands there; the right half of a wide character is empty.
    public var character: Character
    public var ink: Ink
    /// Whether the character to the left takes this place too.
    public var isContinued: Bool

    public init(_ character: Character = " ", _ ink: Ink = .plain) {
        self.character = character
        self.ink = ink
        isContinued = false
    }

    static let continued: Cell = {
        var cell = Cell()
        cell.isContinued = true
        return cell
    }()
}
