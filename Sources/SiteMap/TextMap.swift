import CDisassembler

/// The text of several functions, by address.
struct TextMap {
    /// By address.
    let listings: [Listing]

    init(_ functions: [KernelFunction]) {
        listings = functions.map(Listing.init).sorted { $0.function.start < $1.function.start }
    }

    /// A function, and one of its instructions by number.
    struct Place {
        let listing: Listing
        let index: Int

        var instruction: cdis_instruction { listing[index] }
    }

    /// The function that an address lies in; nil where it is in none that was read.
    func listing(holding address: UInt64) -> Listing? {
        var low = 0
        var high = listings.count
        while low < high {
            let middle = (low + high) / 2
            if listings[middle].function.start <= address { low = middle + 1 } else { high = middle }
        }
        return low > 0 && listings[low - 1].holds(address) ? listings[low - 1] : nil
    }

    /// The instruction that begins at an address; nil where none does.
    func place(at address: UInt64) -> Place? {
        guard let listing = listing(holding: address), let index = listing.index(at: address) else { return nil }
        return Place(listing: listing, index: index)
    }

    /// The instructions from an address on, through jumps that are always taken, at most `limit`; the call, branch or return that
    /// ends them is the last.
    func path(from address: UInt64, limit: Int) -> [Place] {
        var found: [Place] = []
        var next: UInt64? = address
        while let here = next, found.count < limit, let place = place(at: here) {
            found.append(place)
            switch place.instruction.kind {
            case CDIS_JUMP: next = place.instruction.target
            case CDIS_CALL, CDIS_BRANCH, CDIS_RETURN, CDIS_BREAKPOINT: next = nil
            default: next = place.instruction.next
            }
        }
        return found
    }

    /// A function and the parts that the compiler cut from it.
    func family(of function: KernelFunction) -> [Listing] {
        listings.filter { $0.function.baseName == function.baseName }
    }
}

extension Listing {
    func holds(_ address: UInt64) -> Bool {
        address >= function.start && address < function.start + UInt64(function.bytes.count)
    }
}
