#ifndef WORKLOAD_CALLS_H
#define WORKLOAD_CALLS_H

// System calls that Swift cannot make itself: glibc declares unshare() only under _GNU_SOURCE, prctl() is
// variadic, and the fork family is marked unavailable. Every function returns 0 or an errno value.

/// Moves the calling thread into a private copy of its mount namespace.
int workload_unshare_mounts(void);

/// Gives the calling thread its own working directory and its own descriptor table.
int workload_unshare_cwd_and_files(void);

/// Names the calling thread, as /proc/PID/comm shows it; more than 15 bytes are cut off.
int workload_name_thread(const char *name);

/// Runs one child process that unshares its mount namespace and exits, and waits for it. The child is killed
/// with its parent. An errno of the child is handed back as the result.
int workload_child_unshares_mounts(void);

#endif
