/* Mounts that nobody else can see, to make the kernel use its locks. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CProbe.h"

/* arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/linux/mount.h: the headers may be older. */
#define CALL_MOUNT_SETATTR 442
#define ATTRIBUTE_NOATIME 0x10
#define ATTRIBUTES_ATIME 0x70

struct mount_attributes {
	uint64_t set, clear, propagation, user_namespace;
};

int cprobe_detached_mount(void)
{
	int fd = syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int cprobe_touch_mount_lock(void)
{
	int fd = cprobe_detached_mount();

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int cprobe_toggle_mount(int mount, bool set)
{
	struct mount_attributes change = { .set = set ? ATTRIBUTE_NOATIME : 0, .clear = ATTRIBUTES_ATIME };

	if (syscall(CALL_MOUNT_SETATTR, mount, "", AT_EMPTY_PATH, &change, sizeof(change)) < 0)
		return -errno;
	return 0;
}
