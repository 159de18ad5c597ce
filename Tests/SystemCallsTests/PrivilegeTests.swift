import CPrivileges
import Glibc
import Testing

@testable import SystemCalls

@Suite("Privileges") struct PrivilegeTests {
    private func names(_ mask: UInt64) -> [UInt64] { (0..<64).filter { mask >> $0 & 1 == 1 } }

    @Test("what stays is what reads the counts, and what the recording still needs")
    func kept() {
        #expect(names(Privileges.kept([]) { _ in true }) == [19, 38, 39])
        #expect(names(Privileges.kept(.files) { _ in true }) == [1, 19, 38, 39])
        #expect(names(Privileges.kept([.files, .handingOver, .signals]) { _ in true }) == [0, 1, 5, 19, 38, 39])
    }

    @Test("CAP_SYS_ADMIN stays where it stands for what was not given")
    func administrator() {
        #expect(names(Privileges.kept([]) { $0 == CPRIVILEGES_SYS_ADMIN }) == [19, 21, 38, 39])
    }

    @Test("a start needs four capabilities, and each says what the kernel says of it")
    func needed() throws {
        let needs = Privileges.ofStart
        #expect(needs.map(\.name) == ["CAP_SYSLOG", "CAP_SYS_ADMIN", "CAP_BPF", "CAP_PERFMON"])
        let status = try readText("/proc/thread-self/status").split(separator: "\n")
        let line = try #require(status.first { $0.hasPrefix("CapEff:") })
        let effective = try #require(UInt64(line.dropFirst(7).drop { $0.isWhitespace }, radix: 16))
        #expect(needs.map(\.isHeld) == [34, 21, 39, 38].map { effective >> UInt64($0) & 1 == 1 })
    }

    @Test("a user is found with group, groups and home; who has no line is not")
    func account() throws {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1001:Ada,,,:/home/ada:/bin/sh\nbad:x:y:1::/:/bin/sh\n"
        let groups = "root:x:0:\nada:x:1001:\naudio:x:29:bob,ada\nvideo:x:44:adam\n"
        let ada = try #require(UserAccount("ada", passwd: passwd, groups: groups))
        #expect(ada.user == 1000 && ada.group == 1001 && ada.home == "/home/ada" && ada.groups == [29])
        #expect(UserAccount("bad", passwd: passwd, groups: groups) == nil)
        #expect(UserAccount("eve", passwd: passwd, groups: groups) == nil)
    }
}
