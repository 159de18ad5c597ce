#ifndef MOUNTSCOPE_CLINUX_SHIM_H
#define MOUNTSCOPE_CLINUX_SHIM_H

/* Linux headers that Swift's Glibc module leaves out. */
#include <fcntl.h>
#include <linux/memfd.h>
#include <linux/stat.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

extern char **environ;

/* The process's environment; in Swift `environ` would be unchecked global state. */
static inline char *const *clinux_environment(void) { return environ; }

/* memfd_create(2), closed on exec, seals allowed; glibc declares it for _GNU_SOURCE only. */
static inline int clinux_memory_file(const char *name)
{
	return (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/* fcntl(2)'s seals, which glibc declares for _GNU_SOURCE only: F_ADD_SEALS, F_GET_SEALS and F_SEAL_SEAL. */
static inline int clinux_forbid_seals(int file) { return fcntl(file, 1024 + 9, 1); }
static inline int clinux_has_forbidden_seals(int file) { return fcntl(file, 1024 + 10) == 1; }

/* A descriptor that only says where; glibc declares O_PATH for _GNU_SOURCE only. */
#define CLINUX_O_PATH 0x200000

/* openat(2) with a mode: Swift does not import functions with variable arguments. */
static inline int clinux_open_at(int folder, const char *name, int flags, mode_t mode)
{
	return openat(folder, name, flags, mode);
}

/* What the kernel says of a mount namespace (linux/nsfs.h of 6.12: struct mnt_ns_info). */
struct clinux_mount_namespace {
	unsigned size;
	unsigned mounts;
	unsigned long long id;
};

/* NS_MNT_GET_INFO (6.12): the namespace's own number and its mounts, without reading its table. */
static inline int clinux_describe_namespace(int file, struct clinux_mount_namespace *info)
{
	return ioctl(file, _IOR(0xb7, 10, struct clinux_mount_namespace), info);
}

/* NS_GET_MNTNS_ID (6.11): the number alone. */
static inline int clinux_namespace_number(int file, unsigned long long *id)
{
	return ioctl(file, _IOR(0xb7, 5, unsigned long long), id);
}

/* statx(2): 1 where the path, its links followed, is where something is mounted; 0 where it is not; -1 where the kernel does not
 * say (before 5.8) or errno tells why it can't be asked. */
static inline int clinux_is_mount_root(const char *path)
{
	struct statx status;

	if (syscall(SYS_statx, AT_FDCWD, path, 0, 0, &status) != 0)
		return -1;
	if (!(status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT))
		return -1;
	return status.stx_attributes & STATX_ATTR_MOUNT_ROOT ? 1 : 0;
}

/* renameat2(2) with RENAME_NOREPLACE. */
static inline int clinux_rename_to_new(int folder, const char *from, const char *to)
{
	return (int)syscall(SYS_renameat2, folder, from, folder, to, 1);
}

#endif
