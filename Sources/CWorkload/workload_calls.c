#define _GNU_SOURCE
#include "workload_calls.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int workload_unshare_mounts(void) {
    return unshare(CLONE_NEWNS) == 0 ? 0 : errno;
}

int workload_unshare_cwd_and_files(void) {
    return unshare(CLONE_FS | CLONE_FILES) == 0 ? 0 : errno;
}

int workload_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name) == 0 ? 0 : errno;
}

// Runs in the vfork child, on its parent's stack and memory: system calls only.
// The parent may have died before the death signal was asked for, hence the getppid().
__attribute__((noinline)) static int unshare_in_child(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    if (getppid() != parent) return ESRCH;
    return workload_unshare_mounts();
}

int workload_child_unshares_mounts(void) {
    pid_t parent = getpid();
    // vfork: copying the page tables would only add work that has nothing to do with mounts.
    pid_t child = vfork();
    if (child < 0) return errno;
    if (child == 0) _exit(unshare_in_child(parent));

    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return errno;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}
