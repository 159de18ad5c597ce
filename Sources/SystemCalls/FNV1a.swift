/// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv): tells texts apart quickly, and keeps nobody from making two alike.
public struct FNV1a: Sendable, Equatable {
    /// Of the bytes so far.
    public var value: UInt64 { state }
    @usableFromInline var state: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Of nothing.
    @inlinable public init() {}

    @inlinable public init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { add(byte) }
    }

    @inlinable
    @inline(__always)
    public mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

    /// 16 hexadecimal digits.
    public var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
