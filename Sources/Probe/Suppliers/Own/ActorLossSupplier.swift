import CProbe
import Contention

/// What rows by actor do not tell because their tables had no room.
final class ActorLossSupplier: SeriesSupplier {
    private let object: (any LoadedObject)?
    private var losses: ms_actor_losses?

    /// - Parameter object: with the tables of actors; nil where nothing is counted by actor.
    init(_ object: (any LoadedObject)?) { self.object = object }

    func offer(_ key: SeriesKey) -> Offer? { nil }

    func refresh(_ moment: ReadingMoment) throws(ProbeError) {
        guard let object else { return }
        var latest = ms_actor_losses()
        let error = withUnsafeMutableBytes(of: &latest) { object.readElement("actor_losses", key: 0, into: $0) }
        guard error == 0 else { throw ProbeError(.failed, "cannot read the eBPF maps: \(errnoText(error))") }
        losses = latest
    }

    func value(_ key: SeriesKey) -> ReadingValue { .unavailable(reason: "has no series") }

    func lost(_ cause: LossCause) -> LossCount {
        guard let losses else { return .none }
        switch cause {
        case .scanFull: return .count(losses.scans)
        case .blameFull: return .count(losses.blame)
        case .nameFull: return .count(losses.names)
        default: return .none
        }
    }
}
