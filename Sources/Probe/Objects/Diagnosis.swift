import CProbe

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
