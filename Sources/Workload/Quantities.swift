/// Parses a size such as `4096`, `64k` or `1M` into bytes; `k` and `M` are powers of 1024.
public func parseByteCount(_ text: String) throws(WorkloadError) -> Int {
    let units: [String: UInt64] = ["": 1, "k": 1 << 10, "K": 1 << 10, "m": 1 << 20, "M": 1 << 20]
    guard let value = parseQuantity(text, units: units), let bytes = Int(exactly: value), bytes > 0 else {
        throw .usage("a size is a whole number of bytes above 0, such as 4096 or 64k")
    }
    return bytes
}

/// Digits followed by one of the units; nil for anything else and for a product above 64 bits.
private func parseQuantity(_ text: String, units: [String: UInt64]) -> UInt64? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let number = UInt64(digits), let factor = units[String(text.dropFirst(digits.count))] else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
}
