import CProbe
import Contention
import SiteMap

/// Chooses the instructions to probe out of a site map.
struct LockSiteFinder {
    let kernel: KernelMap

    /// Where the sites are not known: a plan without any.
    func plan() -> LockSitePlan {
        guard case .success(let map) = kernel.sites else { return LockSitePlan([]) }
        return LockSitePlan(spinlockSites(map) + spinSites(map) + contendedSites() + semaphoreSites(map))
    }

    private func spinlockSites(_ map: SiteMap) -> [LockSite] {
        map.sites.compactMap { site in
            switch site.kind {
            case .writeAcquire: make(.writeAcquired, site)
            case .writeLeave: make(.writeLeft, site)
            case .exclusiveAcquire: site.returnAddress.map { make(.exclusiveAcquired, site, at: $0) }
            case .exclusiveUnlock: make(.exclusiveReleased, site)
            case .readerWait: make(.readerBlocked, site)
            case .readerWaitEnd: make(.readerResumed, site)
            default: nil
            }
        }
    }

    /// None under PREEMPT_RT: there a reader pauses only between two waits for the lock, and each of those is counted.
    private func spinSites(_ map: SiteMap) -> [LockSite] {
        guard map.sites(.readerWait).isEmpty else { return [] }
        return map.sites(.spin).compactMap { site in
            guard let register = site.register else { return nil }
            var spin = make(.readerPaused, site)
            guard let offset = SavedRegisters.offsets[register] else { return nil }
            spin.argument = offset
            return spin
        }
    }

    /// All calls but those of the mount tables, which have programs of their own that know the table.
    private func semaphoreSites(_ map: SiteMap) -> [LockSite] {
        let tables = [kernel.tables.start, kernel.tables.stop].compactMap(\.address)
        return map.sites(.semaphore).flatMap { site -> [LockSite] in
            guard !tables.contains(site.address - site.offset) else { return [] }
            switch site.callee {
            case "down_write", "down_read":
                guard let acquired = site.returnAddress else { return [] }
                var request = make(.semaphoreRequested, site)
                request.kind = site.callee == "down_write" ? .downWrite : .downRead
                request.argument = request.function == "mark_mounts_for_expiry" ? 1 : 0
                return [request, make(.semaphoreAcquired, site, at: acquired)]
            case "up_write": return [released(site, .upWrite)]
            case "up_read": return [released(site, .upRead)]
            case "downgrade_write": return [released(site, .downgrade)]
            default: return []
            }
        }
    }

    private func released(_ site: Site, _ kind: LockSite.Kind) -> LockSite {
        var release = make(.semaphoreReleased, site)
        release.kind = kind
        return release
    }

    /// Where `_raw_spin_lock` goes when the lock is taken.
    private func contendedSites() -> [LockSite] {
        guard kernel.spinlockOffset == 4, let lock = kernel.symbols.only(named: "_raw_spin_lock"),
            let slowPath = kernel.lockSlowPath
        else { return [] }
        return [
            LockSite(
                program: .lockContended, address: slowPath, function: lock.name, offset: slowPath - lock.address)
        ]
    }

    private func make(_ program: LockSite.Program, _ site: Site, at address: UInt64? = nil) -> LockSite {
        let address = address ?? site.address
        return LockSite(
            program: program, address: address, function: site.baseName,
            offset: address - (site.address - site.offset))
    }
}
