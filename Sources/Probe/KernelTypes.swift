import CProbe

/// The kernel's own description of its types and functions (BTF).
final class KernelTypes: KernelTypeReading {
    static let path = "/sys/kernel/btf/vmlinux"

    private let handle: OpaquePointer

    /// - Throws: `.unavailable` on a kernel without BTF.
    init() throws(ProbeError) {
        let diagnosis = Diagnosis()
        var loaded: OpaquePointer?
        let error = cprobe_btf_load(&loaded, diagnosis.pointer)
        guard error == 0, let loaded else {
            throw ProbeError(
                .unavailable, "cannot read \(Self.path): \(errnoText(error))",
                hint: "mountscope needs a kernel with CONFIG_DEBUG_INFO_BTF=y, and /sys mounted")
        }
        handle = loaded
    }

    deinit { cprobe_btf_free(handle) }

    func function(_ name: String) -> (id: Int32, parameters: Int)? {
        var parameters: Int32 = 0
        let id = cprobe_btf_function(handle, name, &parameters)
        return id > 0 ? (id, Int(parameters)) : nil
    }

    func offset(of member: String, in structure: String) -> Int? {
        let offset = cprobe_btf_offset(handle, structure, member)
        return offset >= 0 ? Int(offset) : nil
    }
}

/// Room for what libbpf and the verifier say during one call.
final class Diagnosis {
    let pointer = UnsafeMutablePointer<cprobe_diagnosis>.allocate(capacity: 1)

    init() { pointer.initialize(to: cprobe_diagnosis()) }

    deinit { pointer.deallocate() }

    /// The program it was about; empty where none was named.
    var program: String { withUnsafeBytes(of: pointer.pointee.program) { Self.text($0) } }

    /// The last lines said, oldest first.
    func lastLines(_ count: Int) -> [String] {
        let all = withUnsafeBytes(of: pointer.pointee.messages) { Self.text($0) }
        return all.split(separator: "\n").suffix(count).map(String.init)
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
