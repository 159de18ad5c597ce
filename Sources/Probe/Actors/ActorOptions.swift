/// Whether events are counted by actor too, and how much room there is for actors.
public struct ActorOptions: Sendable, Equatable {
    public var isOn = true
    /// Rows of processes, one for each series of each; nil: as many as are usual. For tests of full tables.
    public var room: UInt32?

    public init() {}

    public static let off: ActorOptions = {
        var options = ActorOptions()
        options.isOn = false
        return options
    }()
}
