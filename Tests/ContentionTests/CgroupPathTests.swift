import SystemCalls
import Testing

@testable import Contention

@Suite struct CgroupPathTests {
    private struct Sample: Sendable, CustomTestStringConvertible {
        let path: String
        let text: String?
        var testDescription: String { path }
    }

    private static let samples: [Sample] = {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        do {
            return try readText("/\(folder)/Fixtures/cgroups.tsv").split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "\t")
                guard cells.count == 2 else { return nil }
                return Sample(path: String(cells[0]), text: cells[1] == "-" ? nil : String(cells[1]))
            }
        } catch {
            return []
        }
    }()

    @Test("the paths of the runtimes and of systemd are recognised", arguments: samples)
    private func pathsAreRecognised(sample: Sample) {
        #expect(CgroupPath.owner(sample.path).text() == sample.text)
    }

    @Test("the samples are there")
    func theSamplesAreThere() { #expect(Self.samples.count == 52) }

    @Test("a runtime's names stand in the place of digits, and a pod's of its unique name")
    func namesStandInThePlaceOfDigits() {
        let id = String(repeating: "a", count: 64)
        let pod = "3f2a91c0-1111-2222-3333-444455556666"
        let container = CgroupPath.owner("/kubepods/besteffort/pod\(pod)/\(id)")
        #expect(
            container.text { _ in ContainerName(pod: "web/front-1", container: "nginx") } == "pod:web/front-1/nginx")
        #expect(container.text { _ in ContainerName(pod: "web/front-1") } == "pod:web/front-1/aaaaaaaaaaaa")
        let docker = CgroupPath.owner("/docker/\(id)")
        #expect(docker.text { $0.id == id ? ContainerName(container: "web") : nil } == "docker:web")
    }

    @Test("of a process' cgroups the unified one counts, without it that of processes, else systemd's")
    func theUnifiedCgroupCounts() {
        #expect(CgroupPath.path(procFile: "0::/system.slice/a.service\n") == "/system.slice/a.service")
        let hybrid = "12:pids:/docker/x\n3:cpu,cpuacct:/other\n1:name=systemd:/docker/y\n0::/\n"
        #expect(CgroupPath.path(procFile: hybrid) == "/docker/x")
        #expect(CgroupPath.path(procFile: "3:cpu:/a\n1:name=systemd:/b:c\n") == "/b:c")
        #expect(CgroupPath.path(procFile: "3:cpu:/a\n") == nil)
        #expect(CgroupPath.path(procFile: "") == nil)
    }

    @Test("any bytes are a path, and none of them crash")
    func anyBytesAreAPath() {
        var state: UInt64 = 7
        let parts = [
            "/", "pod", "\\x", "\\x2", ".scope", ".slice", "libpod-", "machine-", "lxc", "-pod", "é", "\u{0}", "user@",
        ]
        for _ in 0..<20_000 {
            var path = ""
            for _ in 0..<6 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                path += parts[Int(state >> 33) % parts.count]
            }
            _ = CgroupPath.owner(path).text()
            _ = CgroupPath.path(procFile: path)
        }
    }
}
