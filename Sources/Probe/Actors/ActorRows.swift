import CProbe

/// The rows of processes (bpf/actors.bpf.h): an array, the index of each row that is in use by its key, and a queue of free indices.
final class ActorRows {
    private let object: BPFObject
    private let memory: UnsafeBufferPointer<ms_kept_row>
    /// As of the latest reading.
    private var places: [(key: ms_actor_key, index: UInt32)] = []

    /// - Parameters:
    ///   - object: with the tables, loaded; no program counts yet.
    ///   - room: how many rows there are.
    /// - Throws: `ProbeError` where the kernel does not let them be used.
    init(_ object: BPFObject, room: UInt32) throws(ProbeError) {
        self.object = object
        let bytes = Int(room) * MemoryLayout<ms_kept_row>.stride
        guard let memory = object.mapMemory("actor_rows", bytes: bytes) else {
            throw ProbeError(.failed, "cannot map the eBPF map actor_rows")
        }
        self.memory = UnsafeBufferPointer(start: memory.assumingMemoryBound(to: ms_kept_row.self), count: Int(room))
        for first in stride(from: 0, to: room, by: Int(MS_FREE_BATCH)) {
            let (error, _) = object.run("free_rows_from", [UInt64(first)])
            guard error == 0 else {
                throw ProbeError(.failed, "cannot fill the eBPF map free_rows: \(errnoText(error))")
            }
        }
    }

    /// The rows that are in use.
    /// - Throws: `ProbeError` where they cannot be read.
    func read() throws(ProbeError) -> [(key: ms_actor_key, value: ms_actor_row)] {
        // A bucket comes whole: some room more than there can be.
        guard let entries = object.entries("actor_places", atMost: memory.count + 64, ms_actor_key(), UInt32(0)) else {
            throw ProbeError(.failed, "cannot read the eBPF map actor_places")
        }
        places = entries.filter { Int($0.value) < memory.count }.map { (key: $0.key, index: $0.value) }
        return places.map { (key: $0.key, value: memory[Int($0.index)].row) }
    }

    /// Frees the rows of processes that are gone. A row is empty before another process can get it, and nothing leads to it then.
    func free(_ processes: Set<Identity>) {
        for (key, index) in places where processes.contains(Identity(key)) {
            guard object.deleteEntry("actor_places", key),
                object.writeElement("actor_rows", index, ms_kept_row()) == 0
            else { continue }
            _ = object.push("free_rows", index)
        }
    }
}
