import CLinux
import Contention
import Glibc
import JSON
import SystemCalls

/// A program that is run while it is recorded.
public protocol RecordedCommand: AnyObject {
    /// Starts it.
    func start() throws
    /// How it ended; nil while it runs. Never waits.
    func poll() throws -> CommandEnd?
    /// What it has said that it did, an object; nil where it says nothing.
    func workload() throws -> JSONValue?
    /// Sends it a signal; nothing happens when it has ended.
    func send(_ signal: Int32)
    /// Whether the terminal's signals reach it without being passed on.
    var hearsTerminal: Bool { get }
}

extension RecordedCommand {
    public var hearsTerminal: Bool { true }
}

/// COMMAND as a child process, with this process's terminal, environment and process group, and with a place to leave
/// what it did.
public final class ChildProcess: RecordedCommand {
    private let arguments: [String]
    private let user: UserAccount?
    private let slot: WorkloadSlot
    private var identifier: pid_t?
    /// What the program gets: this process raises its own for its probes.
    private let openFiles: OpenFiles?
    private let manner: Manner
    private var isStopping = false

    /// How a program is run.
    public enum Manner: Sendable {
        /// With this process's streams and process group.
        case asOurs
        /// In a process group of its own, so that whatever it starts ends with it, without input; what it writes goes to
        /// standard error or nowhere.
        case apart(showsOutput: Bool)
    }

    /// A group of its own hears no terminal.
    public var hearsTerminal: Bool { if case .asOurs = manner { true } else { false } }

    /// Looks for the program; starts nothing.
    /// - Parameter arguments: the program, found as a shell finds it, and its arguments; not empty.
    ///   Made before the limit of open files is raised: the program gets the limit as it is now.
    /// - Throws: `SystemFailure` when there is no such program.
    /// - Parameters:
    ///   - user: whom it runs as, as ours; nil for this process's user.
    ///   - limit: of open files, for a program that is made after the limit was raised.
    public init(
        _ arguments: [String], as user: UserAccount? = nil, _ manner: Manner = .asOurs,
        limit: OpenFiles? = OpenFiles.limit
    ) throws(SystemFailure) {
        self.arguments = arguments
        self.manner = manner
        self.user = user
        openFiles = limit
        slot = try WorkloadSlot()
        try ChildProcess.find(arguments[0])
    }

    /// - Throws: `SystemFailure`.
    public func start() throws {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this process blocks and ignores is its own business.
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let isApart = !hearsTerminal
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | (isApart ? Int16(POSIX_SPAWN_SETPGROUP) : 0))
        var streams = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&streams)
        defer { posix_spawn_file_actions_destroy(&streams) }
        direct(&streams)
        var vector = arguments.map { withSystemPath($0) { strdup($0) } } + [nil]
        defer { for pointer in vector { free(pointer) } }
        let added =
            [slot.environment] + (user.map { ["HOME=\($0.home)", "USER=\($0.name)", "LOGNAME=\($0.name)"] } ?? [])
        let replaced = added.map { String($0.prefix { $0 != "=" }) + "=" }
        var environment = ChildProcess.inherited(without: replaced) + added.map { strdup($0) } + [nil]
        defer { for pointer in environment { free(pointer) } }
        var started: pid_t = 0
        let error = try ChildProcess.limited(to: openFiles) {
            if let user { return ChildProcess.spawn(user, vector, environment, &started) }
            return withSystemPath(arguments[0]) {
                posix_spawnp(&started, $0, &streams, &attributes, &vector, &environment)
            }
        }
        guard error == 0 else { throw SystemFailure("cannot run \"\(arguments[0])\"", Errno(error)) }
        identifier = started
    }

    /// Makes a child under another soft limit of open files, which it inherits.
    private static func limited(to openFiles: OpenFiles?, _ spawn: () -> Int32) throws(SystemFailure) -> Int32 {
        guard let openFiles, let own = OpenFiles.limit, own.soft != openFiles.soft else { return spawn() }
        do throws(Errno) {
            try OpenFiles(soft: openFiles.soft, hard: own.hard).set()
            let error = spawn()
            try own.set()
            return error
        } catch {
            throw SystemFailure("cannot set the limit of open files", error)
        }
    }

    /// - Throws: `SystemFailure`.
    public func poll() throws -> CommandEnd? {
        guard let identifier else { return nil }
        try endGroup(of: identifier)
        var status: Int32 = 0
        do {
            guard try retryingInterrupted({ waitpid(identifier, &status, WNOHANG) }) != 0 else { return nil }
        } catch {
            throw SystemFailure("cannot wait for \"\(arguments[0])\"", error)
        }
        self.identifier = nil
        return ChildProcess.end(status)
    }

    /// - Throws: `SystemFailure`.
    public func workload() throws -> JSONValue? {
        do { return try slot.content() } catch { throw SystemFailure("cannot read what the command did", error) }
    }

    /// Sends a signal; nothing happens when the program has ended.
    public func send(_ signal: Int32) {
        // Until it is reaped its number is its own, so that this can hit nobody else; it fails only then.
        guard let identifier else { return }
        isStopping = true
        kill(hearsTerminal ? identifier : -identifier, signal)
    }

    /// A shell that was stopped leaves what it started in the background, which ignores SIGINT: that ends too.
    private func endGroup(of identifier: pid_t) throws(SystemFailure) {
        guard isStopping, !hearsTerminal else { return }
        var found = siginfo_t()
        do {
            // Not reaped yet, so that the group's number is still its own.
            try retryingInterrupted { waitid(P_PID, id_t(identifier), &found, WEXITED | WNOHANG | WNOWAIT) }
        } catch {
            throw SystemFailure("cannot wait for \"\(arguments[0])\"", error)
        }
        if found.si_signo != 0 { kill(-identifier, SIGTERM) }
    }

    /// Where a program apart reads from and writes to.
    private func direct(_ streams: inout posix_spawn_file_actions_t) {
        guard case .apart(let showsOutput) = manner else { return }
        let nothing = "/dev/null"
        posix_spawn_file_actions_addopen(&streams, STDIN_FILENO, nothing, O_RDONLY, 0)
        if showsOutput {
            posix_spawn_file_actions_adddup2(&streams, STDERR_FILENO, STDOUT_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&streams, STDOUT_FILENO, nothing, O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&streams, STDERR_FILENO, nothing, O_WRONLY, 0)
        }
    }

    /// What wait(2)'s status word means; Glibc's W* macros do not reach Swift.
    static func end(_ status: Int32) -> CommandEnd {
        let signal = status & 0x7F
        return signal == 0 ? .exited(status: status >> 8 & 0xFF) : .killed(signal: signal)
    }

    private static func spawn(
        _ user: UserAccount, _ arguments: [UnsafeMutablePointer<CChar>?], _ environment: [UnsafeMutablePointer<CChar>?],
        _ started: inout pid_t
    ) -> Int32 {
        do throws(Errno) { started = try user.spawn(arguments, environment) } catch { return error.code }
        return 0
    }

    /// This process's environment, byte for byte, but for what is replaced, a slot of a recorder that runs this one too.
    private static func inherited(without replaced: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var entries: [UnsafeMutablePointer<CChar>?] = []
        var next = clinux_environment()
        while let entry = next?.pointee {
            if !replaced.contains(where: { strncmp(entry, $0, $0.utf8.count) == 0 }) { entries.append(strdup(entry)) }
            next = next?.successor()
        }
        return entries
    }

    private static func find(_ name: String) throws(SystemFailure) {
        let folders = name.contains("/") ? [""] : searchPath().map { $0.isEmpty ? "./" : $0 + "/" }
        var cause = Errno(ENOENT)
        for folder in folders {
            do {
                try retryingInterrupted { withSystemPath(folder + name) { access($0, X_OK) } }
                return
            } catch {
                if error.code == EACCES { cause = error }
            }
        }
        let hint = "give its path, or check PATH; mountscope uses no shell"
        throw SystemFailure("cannot run \"\(name)\"", cause, hint: hint)
    }

    private static func searchPath() -> [Substring] {
        guard let path = getenv("PATH") else { return ["/bin", "/usr/bin"] }
        return EscapedBytes.text(path).split(separator: ":", omittingEmptySubsequences: false)
    }
}
