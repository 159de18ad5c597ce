import CProbe
import Contention
import ProbeImage

/// The programs of bpf/lock_sites.bpf.c on the running kernel, attached until they are closed.
final class LockSiteProbes {
    /// What became of the plan: with the instructions that the kernel refused.
    let plan: LockSitePlan
    let object: any LoadedObject
    /// Around the calls whose bodies the kernel refused to let be probed; nil where there is none.
    let calls: CallProbes?
    private(set) var reader: LockSiteReader

    /// Loads the programs that have a site, and attaches them.
    ///
    /// An instruction that the kernel refuses costs itself, not the run; a program that it refuses costs its series.
    /// - Throws: `BPFObject.Refusal` when the kernel refuses the programs as a whole; what `progress` throws.
    init(
        _ wanted: LockSitePlan, kernel: KernelMap, facilities: Facilities, possibleCPUs: Int,
        actors: ActorTables? = nil, progress: inout AttachProgress
    ) throws {
        let object = try BPFObject(.sites, name: "mountscope_site")
        let programs = Set(wanted.attached.map(\.program))
        for program in LockSite.Program.allCases where !programs.contains(program) {
            object.leaveOut(program.rawValue)
        }
        let hasCookies = cprobe_try_cookie() == 0
        let mountLock = kernel.mountLock.address ?? 0
        let constants = ms_site_config(
            mount_lock: mountLock, spinlock: mountLock + UInt64(kernel.spinlockOffset),
            user_registers: kernel.userRegisters ?? 0, has_cookies: hasCookies ? 1 : 0,
            who: try ActorTables.prepare(object, actors, casts: kernel.hasCasts))
        guard object.setConstants(constants), object.map("site_counts", holds: ms_site_counts.self),
            object.map("site_histograms", holds: ms_histogram.self), object.map("sites", holds: ms_site.self)
        else {
            throw ProbeError(
                .failed, "the eBPF object and this binary disagree on a struct", hint: "build mountscope anew")
        }
        try object.load()
        var refused: [UInt64: String] = [:]
        do {
            for site in wanted.attached {
                try progress.step()
                let value = wanted.value(site)
                guard hasCookies || object.writeElement("sites", site.address, value) == 0 else {
                    refused[site.address] = "the table of sites has no room"
                    continue
                }
                do throws(BPFObject.Refusal) {
                    try object.attachKprobe(
                        site.program.rawValue, pmuType: facilities.kprobePMU ?? 0, address: site.address,
                        cookie: hasCookies ? unsafeBitCast(value, to: UInt64.self) : 0)
                } catch {
                    refused[site.address] = error.reason
                }
            }
        } catch {
            object.close()
            throw error
        }
        self.object = object
        plan = wanted.without(refused)
        let refusing = plan.refusedCalls
        calls =
            refusing.isEmpty
            ? nil
            : CallProbes(
                refusing, TracedCalls(refusing, kernel, facilities), kernel: kernel, sharing: object,
                who: constants.who, actors: actors)
        reader = LockSiteReader(object: object, plan: plan, possibleCPUs: possibleCPUs)
        actors?.join(sites: object)
    }

    /// Programs that are attached already.
    init(_ plan: LockSitePlan, attached object: any LoadedObject, possibleCPUs: Int) {
        self.plan = plan
        self.object = object
        calls = nil
        reader = LockSiteReader(object: object, plan: plan, possibleCPUs: possibleCPUs)
    }

    /// Copies the counts as they are now.
    func refresh() throws(ProbeError) { try reader.refresh() }

    func close() {
        calls?.close()
        object.close()
    }
}
