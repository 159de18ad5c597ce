import CProbe

/// The CPUs that the machine can have, there or not.
enum PossibleCPUs {
    /// How many CPUs the machine can have.
    /// - Throws: when the kernel does not say.
    static func count() throws(ProbeError) -> Int {
        let cpus = cprobe_possible_cpus()
        guard cpus > 0 else {
            throw ProbeError(.failed, "cannot tell the possible CPUs: \(errnoText(cpus))", hint: "mount /sys")
        }
        return Int(cpus)
    }
}
