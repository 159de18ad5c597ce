import Glibc
import SystemCalls

/// The folder that a run is written into, first out of sight and then in its place; all by descriptors.
final class StagedRun {
    /// Where files are made: out of sight until `publish()`, afterwards in the run's own folder.
    private(set) var folder: Folder
    /// As the user named it.
    let path: String
    /// With the folder out of sight.
    private let place: Folder
    private let hidden: String
    private let name: String
    private let replacesRun: Bool
    private var isPublished = false

    init(staging: Folder, hidden: String, place: Folder, name: String, replacesRun: Bool, path: String) {
        folder = staging
        self.hidden = hidden
        self.place = place
        self.name = name
        self.replacesRun = replacesRun
        self.path = path
    }

    deinit {
        if !isPublished { discard() }
    }

    /// Makes the run appear under its name.
    /// - Throws: `RunFolderError`.
    func publish() throws(RunFolderError) {
        do throws(Errno) {
            if replacesRun {
                try replaceOlder()
            } else {
                try place.renameToNew(hidden, name)
                isPublished = true
            }
        } catch {
            throw .unusable(RunFolder.failure("cannot put the run into \"\(path)\"", error))
        }
        if let elsewhere {
            throw .unusable(
                SystemFailure(
                    message: "\"\(path)\" is not the run's folder: somebody exchanged it",
                    hint: "the run's folder is \"\(elsewhere)\""))
        }
    }

    private func replaceOlder() throws(Errno) {
        for name in RunFolder.files {
            try folder.move(name, to: place, as: name)
            if name != RunFolder.description { try OlderRun.removeParts(of: name, in: place) }
        }
        folder = place
        isPublished = true
        try place.removeFolder(hidden)
    }

    /// Puts a file's new content in its place, all or nothing.
    /// - Throws: the errno of the step that failed.
    func replace(_ file: String, with bytes: [UInt8]) throws(Errno) {
        let temporary = ".\(file).new"
        do throws(Errno) { try folder.removeFile(temporary) } catch {
            // Left behind by a recorder that was killed; usually there is none.
            if error.code != ENOENT { throw error }
        }
        let new = try folder.create(temporary, mode: 0o600)
        do throws(Errno) {
            try new.write(bytes)
            try new.synchronize()
            try folder.rename(temporary, to: file)
        } catch {
            do throws(Errno) { try folder.removeFile(temporary) } catch {
                // It goes with the run.
            }
            throw error
        }
    }

    /// Where the run is, when it is no longer where the user wanted it; nil where it is there.
    var elsewhere: String? {
        do throws(Errno) {
            let named = try Folder(path).status().identity
            if try named == folder.status().identity { return nil }
        } catch {
            // Nothing has the name any more.
        }
        return folder.currentPath ?? "no longer to be found"
    }

    /// Gives the files and then the folder to the user behind sudo; nothing where there is none.
    /// - Throws: the errno of the step that failed.
    func handOver(_ files: [String]) throws(Errno) {
        guard let invoker = Invoker.behindSudo else { return }
        for name in files {
            let file = try folder.open(name, O_RDONLY)
            let status = try file.status()
            guard status.isRegular, status.owner == geteuid(), status.links == 1 else { continue }
            try file.give(to: invoker.user, group: invoker.group)
        }
        try folder.give(to: invoker.user, group: invoker.group)
    }

    private func discard() {
        for name in RunFolder.files {
            do throws(Errno) { try folder.removeFile(name) } catch {
                // Not made yet.
            }
        }
        do throws(Errno) { try place.removeFolder(hidden) } catch {
            // Nothing is left to tell it to.
        }
    }
}
