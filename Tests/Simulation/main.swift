import Glibc

// Prints the tables of docs/comparing.md.

func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

print("How often ten percent more are shown among 22 measures, and in brackets what the power of the test says:\n")
print("| spread | 6 runs | 8 runs | 12 runs |\n|---|---:|---:|---:|")
for spread in [0.01, 0.02, 0.025, 0.03, 0.035, 0.04, 0.05] {
    let cells = [6, 8, 12].map { runs in
        let found = Simulations.tenPercent(runs: runs, spread: spread, comparisons: 2000)
        return "\(percent(found.shown)) (\(percent(found.power)))"
    }
    print("| \((spread * 1000).rounded() / 10) % | \(cells.joined(separator: " | ")) |")
}

print("\nHow often the 95 % interval of the ratio holds the true one:\n")
print("| runs a side | spread 3 % | spread 30 % |\n|---|---:|---:|")
for runs in [6, 7, 8, 10, 12, 20] {
    let cells = [0.03, 0.3].map { percent(Simulations.coverage(runs: runs, spread: $0, simulations: 10_000)) }
    print("| \(runs) | \(cells.joined(separator: " | ")) |")
}

print("\nNothing differs, 8 and 8 runs, 8 measures: of 1,000 comparisons\n")
print("| order | noise | find anything | without a warning | warn |\n|---|---|---:|---:|---:|")
for order in Simulations.Order.allCases {
    for noise in Simulations.Noise.allCases {
        let found = try Simulations.findings(order, noise, comparisons: 1000)
        print("| \(order.rawValue) | \(noise.rawValue) | \(found.found) | \(found.unwarned) | \(found.warned) |")
    }
}
