extension Facilities {
    /// Why no instruction of the locks will be probed; nil where some will.
    func sitesRefusal(_ choice: AttachChoice) -> Finding? {
        guard choice.allows(.cold) else {
            return .missing(
                reason: "not by --attach \(choice.rawValue)",
                hint: "--attach auto takes the best way this kernel has")
        }
        return kprobeRefusal
    }

    /// Why nobody needs the instructions of the locks; nil where probes or samples do.
    func sitesUnneeded(_ options: ProbeOptions) -> Finding? {
        let samples = samplingRefusal == nil && options.sampling.hertz(options.attach, cpus: 1) != nil
        return samples ? nil : sitesRefusal(options.attach)
    }
}
