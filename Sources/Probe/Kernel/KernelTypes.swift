import CProbe

/// The kernel's own description of its types and functions (BTF): the answers that the rules need.
///
/// All questions are asked when it is made. The description itself takes some 7 MB, and libbpf reads another copy when it
/// loads the programs: this one is gone by then.
struct KernelTypes: KernelTypeReading {
    static let path = "/sys/kernel/btf/vmlinux"

    private let functions: [String: (id: Int32, parameters: Int)]
    private let offsets: [Member: Int]
    /// Of cgroup v1's controllers: `pids_cgrp_id`.
    private let controllers: [String: Int]

    /// A member of a struct, or of the struct that a typedef names.
    private struct Member: Hashable {
        let name: String
        let structure: String
    }

    /// Every member that any rule asks for.
    private static let members = [
        Member(name: "lock", structure: "seqlock_t"), Member(name: "owner", structure: "rt_mutex_base"),
        Member(name: "owner", structure: "rt_mutex"), Member(name: "private", structure: "seq_file"),
    ]

    private static let controllerNames = ["pids", "memory", "cpu", "devices", "freezer"].map { "\($0)_cgrp_id" }

    /// - Parameter wanted: the functions that are asked for.
    /// - Throws: `.unavailable` on a kernel without BTF.
    init(functions wanted: Set<String>) throws(ProbeError) {
        let diagnosis = Diagnosis()
        var loaded: OpaquePointer?
        let error = cprobe_btf_load(&loaded, diagnosis.pointer)
        guard error == 0, let loaded else {
            throw ProbeError(
                .unavailable, "cannot read \(Self.path): \(errnoText(error))",
                hint: "mountscope needs a kernel with CONFIG_DEBUG_INFO_BTF=y, and /sys mounted")
        }
        defer { cprobe_btf_free(loaded) }
        var functions: [String: (id: Int32, parameters: Int)] = [:]
        for name in wanted {
            var parameters: Int32 = 0
            let id = cprobe_btf_function(loaded, name, &parameters)
            if id > 0 { functions[name] = (id, Int(parameters)) }
        }
        var offsets: [Member: Int] = [:]
        for member in Self.members {
            let offset = cprobe_btf_offset(loaded, member.structure, member.name)
            if offset >= 0 { offsets[member] = Int(offset) }
        }
        var controllers: [String: Int] = [:]
        for name in Self.controllerNames {
            let value = cprobe_btf_enumerator(loaded, "cgroup_subsys_id", name)
            if value >= 0 { controllers[name] = Int(value) }
        }
        self.controllers = controllers
        self.functions = functions
        self.offsets = offsets
    }

    func function(_ name: String) -> (id: Int32, parameters: Int)? { functions[name] }

    /// The kernel's number of a controller of cgroup v1; nil where it has none of this name.
    func controller(_ name: String) -> Int? { controllers["\(name)_cgrp_id"] }

    func offset(of member: String, in structure: String) -> Int? {
        offsets[Member(name: member, structure: structure)]
    }
}
