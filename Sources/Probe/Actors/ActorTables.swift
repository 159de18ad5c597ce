import CProbe
import ProbeImage

/// The tables in which programs count by actor (bpf/actor_tables.bpf.h): one set, which the objects with programs share.
final class ActorTables {
    /// The maps that all objects with programs have.
    static let shared = [
        "actor_rows", "actor_places", "free_rows", "row_memos",
        "scan_rows", "scan_places", "free_scans", "group_rows", "other_rows", "actors", "cgroups",
        "actor_losses", "sections", "last_holders",
        "blame_rows", "nothing",
    ]
    /// Those of open files, which only one object has.
    private static let ofScans = ["open_tables"]

    let object: BPFObject
    /// Of processes.
    let rows: KeptRows<ms_actor_key, ms_kept_row>
    let scanRows: KeptRows<ms_scan_key, ms_kept_scan>
    /// Whose groups tell containers apart.
    let cgroups: CgroupHierarchy
    private let configuration: ms_actor_config
    /// Whether there is a program for the close of a mount table's file.
    private(set) var countsScans = false
    private var countsFunctions = false
    /// The object with the table of spinners.
    private(set) weak var sites: BPFObject?

    /// - Throws: `BPFObject.Refusal`, `ProbeError`.
    init(_ options: ActorOptions, userRegisters: UInt64?, mountLock: UInt64, cgroups: CgroupHierarchy) throws {
        self.cgroups = cgroups
        object = try BPFObject(.actors, name: "mountscope_who")
        if let room = options.room {
            for map in ["actor_rows", "actor_places", "free_rows", "actors", "group_rows", "blame_rows"] {
                _ = object.setEntries(map, max(1, room))
            }
        }
        guard object.map("actor_rows", holds: ms_kept_row.self), object.map("other_rows", holds: ms_other_rows.self),
            object.map("actors", holds: ms_actor.self), object.map("cgroups", holds: ms_cgroup.self)
        else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        try object.load()
        rows = try KeptRows(
            object, .init(rows: "actor_rows", places: "actor_places", free: "free_rows"),
            room: max(1, options.room ?? UInt32(MS_ACTOR_ROWS)), noKey: ms_actor_key(), empty: ms_kept_row())
        scanRows = try KeptRows(
            object, .init(rows: "scan_rows", places: "scan_places", free: "free_scans"), room: UInt32(MS_SCAN_ROWS),
            noKey: ms_scan_key(), empty: ms_kept_scan())
        try Self.freeAllRows(object)
        configuration = ms_actor_config(
            on: 1, has_casts: 0, cgroup_subsystem: cgroups.subsystem, scans: 0,
            mount_lock: mountLock, user_registers: userRegisters ?? 0)
    }

    /// Before any program counts.
    private static func freeAllRows(_ object: BPFObject) throws(ProbeError) {
        for first in stride(from: 0, to: MS_ACTOR_ROWS, by: Int(MS_FREE_BATCH)) {
            let (error, _) = object.run("free_rows_from", [UInt64(first)])
            guard error == 0 else {
                throw ProbeError(.failed, "cannot fill the tables of actors: \(errnoText(error))")
            }
        }
    }

    /// What the programs of an object are told, which is to be loaded yet. Without `tables` it has room for nothing.
    static func prepare(
        _ object: BPFObject, _ tables: ActorTables?, casts: Bool, scans: Bool = false
    ) throws(ProbeError) -> ms_actor_config {
        var configuration = tables?.configuration ?? ms_actor_config()
        configuration.has_casts = casts ? 1 : 0
        guard let tables else {
            for map in shared + ofScans { _ = object.setEntries(map, 1) }
            return configuration
        }
        for map in shared where !object.share(map, of: tables.object) {
            throw ProbeError(.failed, "the eBPF objects do not share the table \(map)", hint: "build mountscope anew")
        }
        configuration.scans = scans ? 1 : 0
        return configuration
    }

    /// The programs on functions are attached, and count by actor.
    func joinFunctions(scans: Bool) {
        countsFunctions = true
        countsScans = scans
    }

    /// Those on instructions are.
    func join(sites object: BPFObject) { sites = object }

    /// Whether any program counts by actor.
    var isCounting: Bool { countsFunctions || sites != nil }

    func close() { object.close() }
}
