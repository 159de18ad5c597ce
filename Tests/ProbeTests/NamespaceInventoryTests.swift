import CLinux
import Contention
import Glibc
import SystemCalls
import Testing

@testable import Probe

@Suite("The inventory of mount namespaces") struct NamespaceInventoryTests {
    private let tree: FileTree
    private let second: UInt64 = 1_000_000_000

    init() throws { tree = try FileTree() }

    /// A process whose namespace is a file: what the kernel's files would say more is not known then.
    /// - Parameter root: the process' root folder. /proc is where something is mounted.
    private func add(
        _ process: Int, namespace: String, mounts: [String], cgroup: String = "0::/init.scope\n",
        root: String = "/proc"
    ) throws {
        tree.makeFolder("/proc/\(process)/ns")
        try tree.write("", to: "/\(namespace)")
        tree.link("/proc/\(process)/ns/mnt", to: "\(tree.root)/\(namespace)")
        try tree.write(mounts.map { $0 + "\n" }.joined(), to: "/proc/\(process)/mountinfo")
        try tree.write(cgroup, to: "/proc/\(process)/cgroup")
        tree.link("/proc/\(process)/root", to: root)
    }

    private func inventory(_ limits: NamespaceInventory.Limits = .init()) -> NamespaceInventory {
        NamespaceInventory(CgroupNames(ContainerNames(root: tree.root)), limits: limits, root: tree.root)
    }

    private func mount(_ id: Int, shared: Int? = nil) -> String {
        "\(id) 1 8:1 / /m\(id) rw " + (shared.map { "shared:\($0) " } ?? "") + "- ext4 /dev/sda rw,shared:99"
    }

    @Test("a namespace has its mounts, its processes, its container and its largest peer group")
    func namespaces() throws {
        try add(1, namespace: "host", mounts: [mount(1, shared: 5), mount(2, shared: 5), mount(3)])
        try add(2, namespace: "host", mounts: [])
        try add(
            30, namespace: "other", mounts: [mount(9, shared: 5), mount(10, shared: 6)],
            cgroup: "0::/system.slice/web.service\n")
        tree.makeFolder("/proc/self")
        tree.makeFolder("/proc/99")
        let inventory = inventory()
        inventory.look(second)
        let rows = inventory.rows.sorted { ($0.processes ?? 0) > ($1.processes ?? 0) }
        #expect(rows.map(\.mounts) == [3, 2])
        #expect(rows.map(\.processes) == [2, 1])
        #expect(rows.map(\.container) == ["init.scope", "web.service"])
        // Two in the host's table and one in the other's.
        #expect(rows.map(\.peers) == [3, 3])
        #expect(rows.allSatisfy { $0.key.id == nil && $0.key.inode != nil && $0.events == nil })
    }

    @Test("it looks once a minute, and tells of a look where nothing changed")
    func oncePerMinute() throws {
        try add(1, namespace: "host", mounts: [mount(1)])
        let inventory = inventory()
        inventory.look(second)
        let first = inventory.rows
        try add(1, namespace: "host", mounts: [mount(1), mount(2)])
        inventory.look(60 * second)
        #expect(inventory.rows == first)
        inventory.look(61 * second)
        #expect(inventory.rows.map(\.mounts) == [2])
        let second = inventory.rows
        inventory.look(121 * self.second)
        #expect(inventory.rows != second && inventory.rows.map(\.mounts) == [2])
    }

    @Test("a namespace that is gone has no row, and too many are left out")
    func limits() throws {
        for number in 1...5 { try add(number, namespace: "n\(number)", mounts: [mount(number)]) }
        var limits = NamespaceInventory.Limits()
        limits.namespaces = 3
        let inventory = inventory(limits)
        inventory.look(second)
        #expect(inventory.rows.count == 3)
        for number in 1...5 { unlink("\(tree.root)/proc/\(number)/ns/mnt") }
        inventory.look(100 * second)
        #expect(inventory.rows.isEmpty)
    }

    @Test("peer groups are counted in the optional fields only")
    func peerGroups() {
        let table = NamespaceLook.parse(
            Array([mount(1, shared: 7), mount(2, shared: 7), mount(3)].joined(separator: "\n").utf8))
        #expect(table.mounts == 3)
        #expect(table.groups == [7: 2])
        #expect(NamespaceLook.parse([]).mounts == 0)
        #expect(NamespaceLook.parse(Array("\n\n  \n1 2 3 4 5 6 shared:x shared: shared:-1".utf8)).groups.isEmpty)
    }

    @Test("the table of a process that is chrooted into a folder is not taken for the namespace's")
    func chrooted() throws {
        try add(1, namespace: "host", mounts: [mount(1, shared: 5)], root: "/proc/self")
        try add(2, namespace: "other", mounts: [mount(2, shared: 5)], root: "/nowhere")
        try add(3, namespace: "third", mounts: [mount(3, shared: 5), mount(4)])
        let inventory = inventory()
        inventory.look(second)
        let rows = inventory.rows.sorted { ($0.mounts ?? 0) < ($1.mounts ?? 0) }
        #expect(rows.map(\.mounts) == [nil, nil, 2])
        #expect(rows.map(\.peers) == [nil, nil, 1])
    }

    @Test("this process' namespace is in the inventory of this machine, with as many mounts as its table has")
    func thisMachine() throws {
        let own = try Folder.Status(of: "/proc/self/ns/mnt").identity.inode
        // Then it sees a part of the mounts. Without a privilege nobody is told the first process' root.
        let first = try? Folder.Status(of: "/proc/1/root").identity
        let isChrooted = try first != Folder.Status(of: "/proc/self/root").identity
        // Others may mount meanwhile.
        var agreed = false
        for _ in 0..<3 where !agreed {
            let before = try readFile("/proc/self/mountinfo").count { $0 == UInt8(ascii: "\n") }
            let fresh = NamespaceInventory(CgroupNames())
            fresh.look(second)
            let row = try #require(fresh.rows.first { $0.key.inode == own })
            if isChrooted {
                agreed = row.mounts.map { $0 >= UInt64(before) } ?? (clinux_is_mount_root("/proc/self/root") != 1)
            } else {
                agreed = row.mounts == UInt64(before)
            }
        }
        #expect(agreed)
    }
}
