extension Measure {
    /// What a number of it is of, or what a time was spent in, in a sentence: `write sections`, `in write sections`.
    public var noun: String {
        let words = Measure.words[metric.qualifiedName] ?? (metric.name, "in \(metric.name)")
        let place = site.map { " (\($0))" } ?? ""
        switch quantity {
        case .number: return words.events + place
        case .total: return words.time + place
        case .mean: return "\(words.time)\(place), each"
        }
    }

    private static let words: [String: (events: String, time: String)] = [
        "mount_lock.write_sections": ("write sections", "in write sections"),
        "mount_lock.write_hold": ("write sections timed", "in write sections"),
        "mount_lock.excl_acquires": ("exclusive sections", "in exclusive sections"),
        "mount_lock.excl_hold": ("exclusive sections timed", "in exclusive sections"),
        "mount_lock.lock_wait": ("waits for mount_lock", "waiting for mount_lock"),
        "mount_lock.read_retries": ("retries", "in retries"),
        "mount_lock.walk_fallbacks": ("walks again", "in walks again"),
        "mount_lock.reader_spins": ("spins of readers", "spinning"),
        "mount_lock.spin_iterations": ("turns of spinning readers", "spinning"),
        "mount_lock.spin_time": ("spins timed", "spinning"),
        "mount_lock.reader_wait": ("waits of readers for mount_lock", "of readers waiting for mount_lock"),
        "namespace_sem.read_hold": ("mountinfo pages", "of namespace_sem held by readers"),
        "namespace_sem.read_wait": ("waits of readers for namespace_sem", "of readers waiting for namespace_sem"),
        "namespace_sem.write_hold": ("holds of namespace_sem by writers", "of namespace_sem held by writers"),
        "namespace_sem.write_wait": ("waits of writers for namespace_sem", "of writers waiting for namespace_sem"),
    ]
}
