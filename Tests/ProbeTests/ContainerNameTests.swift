import Contention
import Glibc
import SystemCalls
import Testing

@testable import Probe

/// A tree of files in the temporary directory, removed with everything in it.
final class FileTree {
    let root: String

    init() throws {
        var template = Array("/tmp/mountscope-tree-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno.current }
        root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { FileTree.remove(root) }

    func write(_ text: String, to path: String) throws {
        makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try FileDescriptor.open(root + path, O_WRONLY | O_CREAT | O_TRUNC).write(Array(text.utf8))
    }

    func makeFolder(_ path: String) {
        var made = root
        for part in path.split(separator: "/") {
            made += "/\(part)"
            mkdir(made, 0o755)
        }
    }

    func link(_ path: String, to target: String) {
        makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        symlink(target, root + path)
    }

    private static func remove(_ path: String) {
        do throws(Errno) {
            guard try Folder.Status(ofLink: path).isFolder else {
                unlink(path)
                return
            }
            for name in try Folder(path).names(atMost: .max) { remove("\(path)/\(name)") }
            rmdir(path)
        } catch {
            // Gone already.
        }
    }
}

@Suite("Names of containers") struct ContainerNameTests {
    private let tree: FileTree
    private let id = String(repeating: "ab", count: 32)
    private let pod = "3f2a91c0-1111-2222-3333-444455556666"

    init() throws { tree = try FileTree() }

    private func names(_ clock: @escaping () -> UInt64 = { 0 }) -> ContainerNames {
        ContainerNames(root: tree.root, clock: clock)
    }

    private func dockerConfig(_ text: String) throws {
        try tree.write(text, to: "/var/lib/docker/containers/\(id)/config.v2.json")
    }

    @Test("docker's name is that of its config, without the slash")
    func docker() throws {
        try dockerConfig(#"{"ID": "x", "Name": "/web"}"#)
        #expect(names().name(ContainerReference(.docker, id))?.container == "web")
    }

    private static let longName = String(repeating: "x", count: 254)
    private static let configs: [String] = [
        "", "{", "[]", "{}", #"{"Name": 1}"#, #"{"Name": "/"}"#, #"{"Name": "/"# + longName + #""}"#,
    ]

    @Test("a config that is no JSON, no object, without a name or with a long one is no name", arguments: configs)
    func oddConfigs(text: String) throws {
        try dockerConfig(text)
        #expect(names().name(ContainerReference(.docker, id)) == nil)
    }

    @Test("a name that a terminal would obey is escaped")
    func hostileNames() throws {
        try dockerConfig(#"{"Name": "/a\u001b[2Jb"}"#)
        #expect(names().name(ContainerReference(.docker, id))?.container == #"a\x1B[2Jb"#)
    }

    @Test("a link, a pipe, a folder and a huge file in the place of a config are no name, at once")
    func hostileFiles() throws {
        let path = "/var/lib/docker/containers/\(id)/config.v2.json"
        try tree.write(#"{"Name": "/secret"}"#, to: "/elsewhere")
        tree.link(path, to: tree.root + "/elsewhere")
        let reference = ContainerReference(.docker, id)
        #expect(names().name(reference) == nil)
        unlink(tree.root + path)
        mkfifo(tree.root + path, 0o600)
        #expect(names().name(reference) == nil)
        unlink(tree.root + path)
        mkdir(tree.root + path, 0o700)
        #expect(names().name(reference) == nil)
        rmdir(tree.root + path)
        let huge = try FileDescriptor.open(tree.root + path, O_WRONLY | O_CREAT)
        try huge.truncate(to: 1 << 36)
        #expect(names().name(reference) == nil)
    }

    @Test("an identifier that leads elsewhere is not looked up")
    func oddIdentifiers() throws {
        try tree.write(#"{"Name": "/secret"}"#, to: "/var/lib/docker/config.v2.json")
        #expect(names().name(ContainerReference(.docker, "..")) == nil)
        #expect(names().name(ContainerReference(.docker, String(repeating: "/", count: 64))) == nil)
    }

    @Test("podman's first name counts, and rootless containers are not looked up in root's files")
    func podman() throws {
        try tree.write(
            "[{\"id\": \"\(id)\", \"names\": [\"db\", \"other\"]}, {\"id\": \"x\"}, 7]",
            to: "/var/lib/containers/storage/overlay-containers/containers.json")
        #expect(names().name(ContainerReference(.podman, id))?.container == "db")
        #expect(names().name(ContainerReference(.podman, id, user: 1000)) == nil)
    }

    @Test("a pod has the names of the kubelet's folders and links")
    func pods() throws {
        tree.makeFolder("/var/log/pods/shop_front-1_\(pod)")
        tree.makeFolder("/var/log/pods/nonsense")
        tree.link("/var/log/containers/front-1_shop_nginx-\(id).log", to: "/nowhere")
        let reference = ContainerReference(.containerd, id, pod: pod)
        #expect(names().name(reference) == ContainerName(pod: "shop/front-1", container: "nginx"))
        #expect(
            CgroupPath.owner("/kubepods/besteffort/pod\(pod)/\(id)").text { names().name($0) }
                == "pod:shop/front-1/nginx")
    }

    @Test("a list is read again for an unknown container, but not within ten seconds")
    func listsAreReadSeldom() throws {
        let path = "/var/lib/containers/storage/overlay-containers/containers.json"
        final class Moment { var now: UInt64 = 0 }
        let moment = Moment()
        let names = names { moment.now }
        let reference = ContainerReference(.podman, id)
        #expect(names.name(reference) == nil)
        try tree.write("[{\"id\": \"\(id)\", \"names\": [\"db\"]}]", to: path)
        moment.now = 9_999_999_999
        #expect(names.name(reference) == nil)
        moment.now = 10_000_000_000
        #expect(names.name(reference)?.container == "db")
    }

    @Test("a process' container is that of its cgroup")
    func containerOfAProcess() throws {
        try tree.write("0::/system.slice/docker-\(id).scope\n", to: "/proc/7/cgroup")
        try dockerConfig(#"{"Name": "/web"}"#)
        let cgroups = CgroupNames(names())
        #expect(cgroups.container(ofProcess: 7, root: tree.root) == "docker:web")
        #expect(cgroups.container(ofProcess: 8, root: tree.root) == nil)
        let path = Array(#"/machine.slice/machine-a\x2db.scope"#.utf8)
        #expect(cgroups.names(path) == (#"/machine.slice/machine-a\x5Cx2db.scope"#, "machine:a-b"))
    }
}
