#ifndef MOUNTSCOPE_CPRIVILEGES_H
#define MOUNTSCOPE_CPRIVILEGES_H

#include <sys/types.h>

/* Capabilities by name; their numbers are linux/capability.h's. */
enum cprivileges_capability {
	CPRIVILEGES_CHOWN = 0,
	CPRIVILEGES_DAC_OVERRIDE = 1,
	CPRIVILEGES_KILL = 5,
	CPRIVILEGES_SYS_PTRACE = 19,
	CPRIVILEGES_SYS_ADMIN = 21,
	CPRIVILEGES_SYSLOG = 34,
	CPRIVILEGES_PERFMON = 38,
	CPRIVILEGES_BPF = 39,
};

/* Whether this thread has a capability in effect. */
int cprivileges_has(enum cprivileges_capability capability);

/*
 * Gives up every capability of this thread but those in the mask, a bit for each number; what it does not have it does not
 * get. For good: they leave the permitted, the effective, the inheritable and the ambient set. 0, or a negative errno.
 */
int cprivileges_keep(unsigned long long mask);

/*
 * From now on the kernel answers EPERM to ptrace, to everything that mounts, to the loading of modules and kernels and to
 * exec, in this thread and in those that it starts. Programs that run already are not touched. 0, or a negative errno:
 * kernels can be built without it.
 */
int cprivileges_filter(void);

/*
 * Runs a program as another user: found in PATH, with the signals as a shell would leave them. argv and envp end with NULL.
 * 0, or a negative errno of the step that failed.
 */
int cprivileges_spawn(pid_t *child, char *const argv[], char *const envp[], uid_t user, gid_t group,
		      const gid_t *groups, size_t group_count);

#endif
