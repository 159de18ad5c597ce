import CProbe
import Contention
import SiteMap

/// What keeps a series of the locks' instructions from being exact: places of the kernel's text that are not understood.
struct Completeness {
    /// nil where the sites are not known: then no series comes from them.
    private let map: SiteMap?

    init(_ kernel: KernelMap) {
        if case .success(let map) = kernel.sites { self.map = map } else { map = nil }
    }

    /// Why a series that is counted at instructions is not exact; nil where nothing speaks against it.
    func doubt(about key: SeriesKey) -> String? {
        guard let map else { return nil }
        let places: [String]
        switch key.metric {
        case .writeAcquires, .exclusiveAcquires: places = map.places(in: .holder, function: key.site)
        case .exclusiveHold, .lockWait, .writeHold: places = map.places(in: .holder)
        case .readerSpins, .spinIterations, .spinTime: places = map.places(in: .reader, function: key.site)
        case .readerWait: places = map.places(in: .reader) + map.places(in: .holder)
        case .readRetries where key.site == "d_path":
            places =
                map.places(in: .reader, function: "prepend_path") + map.places(in: .holder, function: "prepend_path")
        case .readRetries: places = map.places(in: .reader) + map.places(in: .copy)
        case .walkFallbacks: places = map.places(in: .walk)
        case .writeWait, .semaphoreWriteHold: places = map.places(in: .semaphore)
        // The mount tables' own functions were found by their table, and are probed there.
        case .readWait where !isTable(key), .readHold where !isTable(key): places = map.places(in: .semaphore)
        default: places = []
        }
        guard let first = places.first else { return nil }
        let others = places.count > 1 ? " and \(places.count - 1) other \(places.count == 2 ? "place" : "places")" : ""
        return "a lower bound: what \(first)\(others) does to the lock is not understood"
    }

    private func isTable(_ key: SeriesKey) -> Bool {
        key.metric.sites.firstIndex(of: key.site).map { $0 < Int(MS_TABLES.rawValue) } ?? false
    }
}
