#define _GNU_SOURCE
#include "CPrivileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

_Static_assert(CPRIVILEGES_CHOWN == CAP_CHOWN && CPRIVILEGES_DAC_OVERRIDE == CAP_DAC_OVERRIDE &&
	       CPRIVILEGES_KILL == CAP_KILL && CPRIVILEGES_SYS_PTRACE == CAP_SYS_PTRACE &&
		       CPRIVILEGES_SYS_ADMIN == CAP_SYS_ADMIN && CPRIVILEGES_SYSLOG == CAP_SYSLOG,
	       "capabilities have other numbers");

static int read_capabilities(struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};

	return syscall(SYS_capget, &header, data) ? -errno : 0;
}

int cprivileges_has(enum cprivileges_capability capability)
{
	struct __user_cap_data_struct data[2] = {};

	return read_capabilities(data) == 0 && (data[capability >> 5].effective >> (capability & 31) & 1);
}

int cprivileges_keep(unsigned long long mask)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {};
	int error = read_capabilities(data);

	if (error)
		return error;
	for (int word = 0; word < 2; word++) {
		unsigned kept = (unsigned)(mask >> (32 * word));

		data[word].permitted &= kept;
		data[word].effective &= kept;
		data[word].inheritable = 0;
	}
	/* An ambient capability leaves with the inheritable one. */
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#endif

#ifdef NATIVE
static const unsigned refused[] = {
	SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
	SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_kexec_file_load, SYS_execve, SYS_execveat,
	/* pidfd_getfd: with ptrace's capability it would take files of others. */
	438,
	/* open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr: the same numbers everywhere. */
	428, 429, 430, 431, 432, 433, 442,
};
#define REFUSED (sizeof(refused) / sizeof(refused[0]))

int cprivileges_filter(void)
{
	struct sock_filter filter[REFUSED + 8];
	struct sock_fprog program = {.filter = filter};
	unsigned short next = 0;

	/* Calls of another architecture, and x32's, have other numbers. */
	filter[next++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	filter[next++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0);
	filter[next++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	filter[next++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	filter[next++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, REFUSED + 1, 0);
	for (unsigned i = 0; i < REFUSED; i++)
		filter[next++] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i], (unsigned char)(REFUSED - i), 0);
	filter[next++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[next++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	program.len = next;
	/* Asked for by the kernel, where CAP_SYS_ADMIN is missing; nothing is executed any more anyway. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) ? -errno : 0;
}
#else
int cprivileges_filter(void)
{
	return -ENOSYS;
}
#endif

static int become(uid_t user, gid_t group, const gid_t *groups, size_t group_count)
{
	sigset_t none;

	if (setgroups(group_count, groups) || setresgid(group, group, group) || setresuid(user, user, user))
		return -1;
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

int cprivileges_spawn(pid_t *child, char *const argv[], char *const envp[], uid_t user, gid_t group,
		      const gid_t *groups, size_t group_count)
{
	int failure[2], error = 0;
	ssize_t count;

	if (pipe2(failure, O_CLOEXEC))
		return -errno;
	*child = fork();
	if (*child == 0) {
		if (become(user, group, groups, group_count) == 0)
			execvpe(argv[0], argv, envp);
		error = errno;
		count = write(failure[1], &error, sizeof(error));
		_exit(count == sizeof(error) ? 127 : 126);
	}
	if (*child < 0)
		error = errno;
	close(failure[1]);
	do
		count = read(failure[0], &error, sizeof(error));
	while (count < 0 && errno == EINTR);
	close(failure[0]);
	if (error && *child > 0)
		waitpid(*child, NULL, 0);
	return -error;
}
