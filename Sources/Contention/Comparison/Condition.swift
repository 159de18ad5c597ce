/// What two runs must have in common so that their numbers mean the same.
public enum Condition: String, Sendable, CaseIterable {
    case toolVersion = "tool version"
    case architecture = "architecture"
    case cpuModel = "CPU model"
    case possibleCPUs = "possible CPUs"
    case onlineCPUs = "online CPUs"
    case cores = "cores"
    case sockets = "sockets"
    case numaNodes = "NUMA nodes"
    case bootFlags = "boot flags"
    case command = "command"
    case kernelRelease = "kernel release"
    case kernelBuild = "kernel build"
    case attach = "--attach"
    /// `on` or `off`.
    case budget = "--budget"
    case sampleRate = "--sample-hz"
    case interval = "--interval"

    /// Kernels may differ between the sides, that is what is compared, but not within one.
    public static let kernel: Set<Condition> = [.kernelRelease, .kernelBuild]

    /// What is done where it differs.
    enum Weight {
        /// Nothing is compared.
        case refuses
        /// Nothing is compared where it differs; that a run does not say, as older ones do not, is named.
        case refusesWhereKnown
        /// Shares are not compared.
        case refusesShares
        /// It is named.
        case named
    }

    var weight: Weight {
        switch self {
        case .attach, .budget: .refusesWhereKnown
        case .sampleRate: .refusesShares
        case .interval: .named
        default: .refuses
        }
    }
}
