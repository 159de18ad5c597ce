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
            default: nil
            }
        }
    }

    private func spinSites(_ map: SiteMap) -> [LockSite] {
        map.sites(.spin).compactMap { site in
            guard let register = site.register else { return nil }
            var spin = make(.readerPaused, site)
            spin.argument = UInt32(register)
            return spin
        }
    }

    /// All calls but those of the mount tables, which have programs of their own that know the table.
    private func semaphoreSites(_ map: SiteMap) -> [LockSite] {
        let tables = [kernel.tableStart, kernel.tableStop].compactMap(\.address)
        return map.sites(.semaphore).flatMap { site -> [LockSite] in
            guard !tables.contains(site.address - site.offset) else { return [] }
            switch site.callee {
            case "down_write", "down_read":
                guard let acquired = site.returnAddress else { return [] }
                var request = make(.semaphoreRequested, site)
                request.kind = site.callee == "down_write" ? MS_SITE_DOWN_WRITE : MS_SITE_DOWN_READ
                request.argument = request.function == "mark_mounts_for_expiry" ? 1 : 0
                return [request, make(.semaphoreAcquired, site, at: acquired)]
            case "up_write": return [released(site, MS_SITE_UP_WRITE)]
            case "up_read": return [released(site, MS_SITE_UP_READ)]
            case "downgrade_write": return [released(site, MS_SITE_DOWNGRADE)]
            default: return []
            }
        }
    }

    private func released(_ site: Site, _ kind: ms_site_kind) -> LockSite {
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
            program: program, address: address, function: KernelSymbols.base(of: site.function),
            offset: address - (site.address - site.offset))
    }
}
