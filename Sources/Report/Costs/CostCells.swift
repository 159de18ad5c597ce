import Contention

/// The numbers of a row as text: the first that is not exact has the row's mark, and what is not known is `-`.
struct CostCells {
    let rate: String
    let time: String
    let p50: String
    let p99: String
    let longest: String

    init(_ numbers: CostNumbers, longest overall: UInt64? = nil) {
        var isMarked = false
        func mark(_ mark: Mark) -> String {
            guard mark != .exact, !isMarked else { return "" }
            isMarked = true
            return mark.rawValue
        }
        // What is at least nothing is roughly nothing: "more than 0" would say too much.
        func bound(_ amount: Amount) -> Mark { amount.value == 0 && amount.mark == .atLeast ? .about : amount.mark }
        rate = numbers.rate.map { mark(bound($0)) + Units.rate($0.value) } ?? "-"
        time = numbers.time.map { mark(bound($0)) + Units.duration($0.value) } ?? "-"
        p50 = numbers.p50.map { mark(numbers.mark) + Units.duration($0) } ?? "-"
        p99 = numbers.p99.map { mark(numbers.mark) + Units.duration($0) } ?? "-"
        longest = (overall ?? numbers.longest).map(Units.duration) ?? "-"
    }
}
