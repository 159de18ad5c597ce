import Contention
import Glibc
import SystemCalls
import Testing

@testable import Probe

@Suite struct HostInspectorTests {
    @Test(
        "lists of CPUs are numbers and ranges",
        arguments: [
            ("0", [0]), ("0-3", [0, 1, 2, 3]), ("0-1,8,10-11", [0, 1, 8, 10, 11]), ("", []), ("nonsense", []),
            ("3-1", []),
            ("1-2-3", []), ("8191-4000000000", [8191]), ("0-0,99999,1", [0, 1]),
        ])
    func listsOfCPUs(text: String, expected: [Int]) { #expect(CPUList.numbers(text) == expected) }

    /// The vectors of draft-eastlake-fnv, appendix C.
    @Test(
        "the hash is FNV-1a",
        arguments: [
            ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
        ])
    func hash(text: String, expected: String) { #expect(FNV1a(text.utf8).text == expected) }

    @Test("what cannot be read stays unknown")
    func nothingToRead() {
        let host = HostInspector(root: "/nowhere").inspect()
        #expect(host.btfHash == nil)
        #expect(host.mountNamespaces == nil)
        #expect(host.onlineCPUs == [])
        #expect(host.possibleCPUs == 0)
        #expect(host.cpuModel == "")
    }

    @Test("this machine has a name, a kernel, CPUs and mounts")
    func thisMachine() throws {
        let host = HostInspector().inspect()
        let release = try readText("/proc/sys/kernel/osrelease")
        #expect(host.kernelRelease + "\n" == release)
        #expect(host.onlineCPUs.count == sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        #expect(host.possibleCPUs >= host.onlineCPUs.count)
        #expect(host.mountsInNamespace > 0)
        #expect(host.cores > 0 && host.cores <= host.onlineCPUs.count)
    }
}
