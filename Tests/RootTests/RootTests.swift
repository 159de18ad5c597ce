import Foundation
import Testing

/// What only the kernel at hand can tell.
///
/// One after another: there is one mount_lock, and what one test does to it the next would count.
@Suite("On this kernel", .serialized, .enabled(if: geteuid() == 0, "needs root"))
enum OnThisKernel {
    @Suite("load") struct LoadTests {}
    @Suite("Write sections") struct WriteSectionTests {}
    @Suite("What cannot be had") struct UnavailableTests {}
    @Suite("Samples") struct SampleTests {}
    @Suite("Exit statuses") struct ExitStatusTests {}
    @Suite("What is left behind") struct LeftoverTests {}
    @Suite("Privileges") struct PrivilegeTests {}
    @Suite("versus") struct VersusTests {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mountscope-versus-\(UUID())").path
    }
}

let unshare = "/usr/bin/unshare"
let hasUnshare = access(unshare, X_OK) == 0
let setpriv = "/usr/bin/setpriv"
let hasSetpriv = access(setpriv, X_OK) == 0
