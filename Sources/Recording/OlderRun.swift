import Glibc
import JSON
import SystemCalls

/// What is in a folder before a run replaces it.
enum OlderRun {
    /// Whether the folder holds a run of mountscope.
    /// - Throws: the errno of reading run.json.
    static func isOne(_ folder: Folder) throws(Errno) -> Bool {
        let file: FileDescriptor
        do throws(Errno) { file = try folder.open(RunFolder.description, O_RDONLY) } catch {
            if error.code == ENOENT || error.code == ELOOP { return false }
            throw error
        }
        guard try file.status().isRegular,
            let bytes = try file.readToEnd(atMost: RecordedRun.maximumDescriptionBytes)
        else { return false }
        do { return try JSONValue.parse(bytes)["schema"]?.string == RunDescription.schema } catch { return false }
    }

    /// Removes the rotated parts of a file: they would be taken for the new run's.
    /// - Throws: unlinkat's errno.
    static func removeParts(of name: String, in folder: Folder) throws(Errno) {
        var part = 2
        while try folder.status(of: RunFolder.name(name, part: part)) != nil {
            try folder.removeFile(RunFolder.name(name, part: part))
            part += 1
        }
    }
}
