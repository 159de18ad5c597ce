import CDisassembler

/// Every place in a kernel's text that uses mount_lock or namespace_sem, classified.
///
/// Pure: functions and addresses in, sites out. What does not have a known form becomes `unknown`, with what is odd about
/// it, so that the share that was understood is a fact.
public struct SiteMap: Sendable {
    /// By address.
    public let sites: [Site]
    /// Those with a doubt, of which every series asks.
    private let doubted: [Site]
    /// Places that refer to mount_lock, and how many of them are classified.
    public let references: Int
    public let classified: Int
    /// Functions that the function tracer does not reach, although it reaches others: there kernels take no kprobe
    /// (kernel/trace/trace_kprobe.c, `within_notrace_func`).
    public let untraceable: Set<String>
    /// The functions that were read: name, first address and the one behind the last, whether the function tracer reaches it.
    private let functions: [(name: String, text: Range<UInt64>, isTraceable: Bool)]

    /// Classified over references; nil without any.
    public var share: Double? { references > 0 ? Double(classified) / Double(references) : nil }

    /// - Parameters:
    ///   - functions: the text of every function that refers to a lock or calls a path walk, and of their clones.
    ///   - locks: the addresses that the instructions are held against.
    ///   - references: the places that `TextScan` found in these functions; those that are no operand are left out.
    public init(_ functions: [KernelFunction], locks: LockAddresses, references places: [UInt64]) {
        let text = TextMap(functions)
        // Four bytes that happen to hit a lock's address, or that lie beside it, are no reference.
        var references: [UInt64: [UInt64]] = [:]
        for place in places {
            guard let listing = text.listing(holding: place), let index = listing.index(holding: place),
                listing[index].mentions(anyOf: locks.targets)
            else { continue }
            references[listing.function.start, default: []].append(place)
        }
        let spinlock = SpinlockMap(text, locks: locks, references: references)
        var sites: [Site] = []
        for listing in text.listings {
            var classifier = FunctionClassifier(listing, locks: locks, text: text, spinlock: spinlock)
            sites += classifier.classify(references[listing.function.start] ?? [])
        }
        DoubtfulSites.mark(&sites, text, locks)
        self.functions = functions.map { ($0.name, $0.start..<($0.start + UInt64($0.bytes.count)), $0.isTraceable) }
        let whole = functions.filter { !$0.name.contains(".") }
        let beyond = whole.filter { !$0.isTraceable }.map(\.name)
        untraceable = beyond.count < whole.count ? Set(beyond) : []
        self.sites = sites.sorted { $0.address < $1.address }
        doubted = self.sites.filter { !$0.doubts.isEmpty }
        self.references = Set(references.values.joined()).count
        classified = self.references - self.sites.count { $0.kind == .unknown && $0.doubts != [.walk] }
    }

    /// The function that an address lies in, and bytes from its start; nil where it is in none that was read.
    public func place(of address: UInt64) -> (function: String, offset: UInt64)? {
        functions.first { $0.text.contains(address) }.map { ($0.name, address - $0.text.lowerBound) }
    }

    /// Whether the function tracer reaches neither the function that an address lies in nor, where that is a part cut from
    /// another, the other. False where one of them was not read.
    public func isBeyondTracer(_ address: UInt64) -> Bool {
        guard let function = functions.first(where: { $0.text.contains(address) }), !function.isTraceable else {
            return false
        }
        return untraceable.contains(KernelFunction.baseName(of: function.name))
    }

    /// The places that are not understood and might do something, as `path_mount+0x1c`.
    /// - Parameter function: up to its first dot; nil for all.
    public func places(in doubt: Doubt, function: String? = nil) -> [String] {
        doubted.filter { site in
            site.doubts.contains(doubt) && (function == nil || site.baseName == function)
        }.map(\.place)
    }

    /// The sites of a kind.
    public func sites(_ kind: Site.Kind) -> [Site] { sites.filter { $0.kind == kind } }
}
