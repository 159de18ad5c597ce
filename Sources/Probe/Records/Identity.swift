import CProbe

/// An actor's key without its series.
struct Identity: Hashable {
    let start: UInt64
    let cgroup: UInt64
    let namespace: UInt64
    let process: UInt32

    init(_ key: ms_actor_key) {
        (start, cgroup, namespace, process) = (key.start_ns, key.cgroup, key.mnt_ns, key.tgid)
    }

    /// In the table of names.
    var key: ms_actor_key {
        ms_actor_key(start_ns: start, cgroup: cgroup, mnt_ns: namespace, tgid: process, series: 0)
    }
}
