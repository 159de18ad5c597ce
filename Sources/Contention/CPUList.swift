/// Lists of CPUs as the kernel writes them: `0-3,8`.
public enum CPUList {
    /// No machine has more (NR_CPUS of the largest kernels).
    public static let mostCPUs = 8192

    /// The numbers of a list, ascending; parts that are none, and numbers that no CPU has, are passed over.
    public static func numbers(_ text: some StringProtocol) -> [Int] {
        var numbers: Set<Int> = []
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-").map { Int($0) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last,
                first < mostCPUs
            else { continue }
            numbers.formUnion(first...min(last, mostCPUs - 1))
        }
        return numbers.sorted()
    }

    /// The list of these numbers.
    public static func text(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let last = ranges.last, number <= last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, number)
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
