/// Values by CPU number, of the CPUs that have one: memory by what is there, not by the highest number.
public struct CPUTable<Value: Sendable & Equatable>: Sendable, Equatable, Sequence {
    /// Ascending.
    private var numbers: [Int32] = []
    private var values: [Value] = []
    /// Where the next number is likely to be: rows come in the order of their CPUs.
    private var likely = 0

    /// Nothing yet.
    public init() {}

    /// CPUs that have a value.
    public var count: Int { numbers.count }

    /// The highest number that has a value; nil without any.
    public var highest: Int? { numbers.last.map { Int($0) } }

    /// nil for a CPU that has none.
    public subscript(_ cpu: Int) -> Value? {
        let place = place(cpu)
        return place < numbers.count && Int(numbers[place]) == cpu ? values[place] : nil
    }

    /// Changes a CPU's value, which is made where there is none.
    /// - Parameter cpu: 0 to 2^31 - 1.
    public mutating func update(_ cpu: Int, default first: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
        var place = likely
        if place >= numbers.count || Int(numbers[place]) != cpu {
            place = self.place(cpu)
            if place == numbers.count || Int(numbers[place]) != cpu {
                numbers.insert(Int32(cpu), at: place)
                values.insert(first(), at: place)
            }
        }
        change(&values[place])
        likely = place + 1 < numbers.count ? place + 1 : 0
    }

    /// Changes every value.
    public mutating func updateAll(_ change: (inout Value) -> Void) {
        for index in values.indices { change(&values[index]) }
    }

    /// Pairs of a CPU's number and its value, ascending.
    public func makeIterator() -> AnyIterator<(Int, Value)> {
        var index = 0
        return AnyIterator {
            guard index < numbers.count else { return nil }
            defer { index += 1 }
            return (Int(numbers[index]), values[index])
        }
    }

    public static func == (left: CPUTable, right: CPUTable) -> Bool {
        left.numbers == right.numbers && left.values == right.values
    }

    /// Of the first number that is not below.
    private func place(_ cpu: Int) -> Int {
        if let last = numbers.last, Int(last) < cpu { return numbers.count }
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(numbers[middle]) < cpu { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
