/// Whether events are counted by actor too, and how much room there is for actors.
public struct ActorOptions: Sendable, Equatable {
    /// nil: where programs look into the kernel's structs without a call (bpf_rdonly_cast, since 6.2), which makes it cheap.
    public var isOn: Bool?
    /// Rows of processes, one for each series of each; nil: as many as are usual. For tests of full tables.
    public var room: UInt32?

    public init() {}

    public static let off: ActorOptions = {
        var options = ActorOptions()
        options.isOn = false
        return options
    }()
}
