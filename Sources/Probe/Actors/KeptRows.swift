import CProbe

/// Rows that programs find by an index (bpf/kept_rows.bpf.h): an array, the index of each row that is in use by its key, and a queue
/// of free indices.
final class KeptRows<Key: BitwiseCopyable, Kept: BitwiseCopyable> {
    /// The names of the three maps.
    struct Maps {
        let rows: String
        let places: String
        let free: String
    }

    private let object: BPFObject
    private let maps: Maps
    private let noKey: Key
    private let empty: Kept
    private let memory: UnsafeBufferPointer<Kept>
    /// As of the latest reading.
    private var places: [(key: Key, index: UInt32)] = []

    /// - Parameters:
    ///   - object: with the tables, loaded.
    ///   - room: how many rows there are.
    ///   - noKey: of zeros.
    ///   - empty: of zeros.
    /// - Throws: `ProbeError` where the kernel does not let them be read.
    init(_ object: BPFObject, _ maps: Maps, room: UInt32, noKey: Key, empty: Kept) throws(ProbeError) {
        self.object = object
        self.maps = maps
        self.noKey = noKey
        self.empty = empty
        guard let memory = object.mapMemory(maps.rows, bytes: Int(room) * MemoryLayout<Kept>.stride) else {
            throw ProbeError(.failed, "cannot map the eBPF map \(maps.rows)")
        }
        self.memory = UnsafeBufferPointer(start: memory.assumingMemoryBound(to: Kept.self), count: Int(room))
    }

    /// The rows that are in use.
    /// - Throws: `ProbeError` where they cannot be read.
    func read() throws(ProbeError) -> [(key: Key, value: Kept)] {
        let entries = try object.entries(maps.places, room: memory.count, noKey, UInt32(0))
        places = entries.filter { Int($0.value) < memory.count }.map { (key: $0.key, index: $0.value) }
        return places.map { (key: $0.key, value: memory[Int($0.index)]) }
    }

    /// Frees rows that nothing can be added to any more. A row is empty before another can get it, and nothing leads to it then.
    func free(where isDone: (Key) -> Bool) {
        for (key, index) in places where isDone(key) {
            guard object.deleteEntry(maps.places, key), object.writeElement(maps.rows, index, empty) == 0 else {
                continue
            }
            _ = object.push(maps.free, index)
        }
    }
}
