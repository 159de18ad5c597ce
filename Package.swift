// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "mountscope",
    products: [
        .executable(name: "mountscope", targets: ["mountscope"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // The kernel side: libbpf behind one C shim, and the compiled eBPF object.
        .systemLibrary(name: "CLibbpf", pkgConfig: "libbpf", providers: [.apt(["libbpf-dev", "libelf-dev"])]),
        .target(name: "CProbe", dependencies: ["CLibbpf"]),
        // Disassembly, behind a C shim: Capstone's types are unions that Swift sees badly.
        .systemLibrary(name: "CCapstone", pkgConfig: "capstone", providers: [.apt(["libcapstone-dev"])]),
        .target(name: "CDisassembler", dependencies: ["CCapstone"]),
        .target(name: "ProbeImage", plugins: ["CompileBPF"]),
        .executableTarget(name: "EmbedBPF", path: "Plugins/EmbedBPF"),
        .plugin(name: "CompileBPF", capability: .buildTool(), dependencies: ["EmbedBPF"]),

        // What several rooms stand on: Linux headers that Glibc's module lacks, system calls, JSON values.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CPrivileges"),
        .target(name: "SystemCalls", dependencies: ["CLinux", "CPrivileges"]),
        .target(name: "JSON"),

        // The pure model, and the rooms around it.
        .target(name: "Contention"),
        // Axes, colours and bins, the same for a page and for a terminal; pure.
        .target(name: "Scales"),
        // What a terminal is to show, cell by cell.
        .target(name: "Frames", dependencies: ["SystemCalls"]),
        .target(name: "SiteMap", dependencies: ["CDisassembler"]),
        .target(
            name: "Probe",
            dependencies: ["CLinux", "Contention", "JSON", "SiteMap", "SystemCalls", "CProbe", "ProbeImage"]),
        .target(name: "Recording", dependencies: ["Contention", "JSON", "SystemCalls", "CLinux", "CZlib"]),
        .target(name: "Report", dependencies: ["Contention", "Frames", "Scales", "SystemCalls"]),
        // What a crash does for the terminal.
        .target(name: "CTerminal"),
        .target(name: "Terminal", dependencies: ["Contention", "Frames", "SystemCalls", "CLinux", "CTerminal"]),
        .target(name: "Manual", dependencies: ["Contention", "JSON"]),
        .target(name: "CWorkload"),
        .target(name: "Workload", dependencies: ["CWorkload", "JSON", "SystemCalls"]),

        // The command line.
        .target(
            name: "MountscopeCommands",
            dependencies: [
                "Contention", "Frames", "JSON", "Manual", "Probe", "Recording", "Report", "SystemCalls", "Terminal", "Workload",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // What happens before any runtime is initialised.
        .target(name: "CStartup"),
        .executableTarget(name: "mountscope", dependencies: ["MountscopeCommands", "CStartup"]),

        .target(name: "ManualClock", dependencies: ["Contention"], path: "Tests/ManualClock"),
        .testTarget(
            name: "ContentionTests", dependencies: ["Contention", "ManualClock", "SystemCalls"], exclude: ["Fixtures"]),
        // Parts of the eBPF programs, compiled for the host.
        .target(name: "CProgramsFixture", dependencies: ["CProbe"], path: "Tests/CProgramsFixture"),
        .testTarget(
            name: "ProbeTests",
            dependencies: [
                "Probe", "SiteMap", "CProbe", "CProgramsFixture", "KernelFixtures", "ProbeImage", "Contention",
                "SystemCalls",
            ]),
        // The text of real kernels, recorded by scripts/record-fixtures.
        .target(
            name: "KernelFixtures", dependencies: ["SiteMap", "SystemCalls"], path: "Tests/KernelFixtures",
            exclude: ["Recorded"]),
        .testTarget(name: "SiteMapTests", dependencies: ["SiteMap", "KernelFixtures"]),
        .testTarget(name: "SystemCallsTests", dependencies: ["SystemCalls", "CPrivileges"]),
        .testTarget(name: "ScalesTests", dependencies: ["Scales"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "ManualTests", dependencies: ["Manual", "Contention", "JSON"]),
        // Small runs, for the tests of those who write and of those who read.
        .target(
            name: "RecordingFixture", dependencies: ["Recording", "Contention"], path: "Tests/RecordingFixture"),
        .testTarget(
            name: "RecordingTests",
            dependencies: ["Recording", "RecordingFixture", "Contention", "JSON", "SystemCalls"],
            exclude: ["Fixtures"]),
        .testTarget(name: "ReportTests", dependencies: ["Report", "Contention", "Frames", "SystemCalls"]),
        .testTarget(name: "FramesTests", dependencies: ["Frames"]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "Contention", "Frames", "SystemCalls"]),
        .testTarget(name: "WorkloadTests", dependencies: ["Workload"]),
        .testTarget(
            name: "MountscopeCommandsTests",
            dependencies: [
                "MountscopeCommands", "ManualClock", "Contention", "Frames", "JSON", "Probe", "Recording", "RecordingFixture",
                "Report", "SystemCalls", "Terminal",
            ], exclude: ["Fixtures"]),
        .testTarget(name: "RootTests", dependencies: ["RecordingFixture"]),
    ]
)
