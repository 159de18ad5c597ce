/* Makes system calls that take namespace_sem in their own bodies.
 *
 *     mount_calls CALL N
 *
 * CALL: statmount, listmount, mount_setattr, move_mount, set_group (move_mount with MOVE_MOUNT_SET_GROUP), pivot_root (refused each
 * time) or pivot (done each time). N of them take the semaphore once each; beside them others fail before that. Prints CALL and N, or CALL and - where this kernel
 * has no such call. Run as root; what it mounts is in a mount namespace of its own, under /tmp. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* arch/x86/entry/syscalls/syscall_64.tbl */
#define NR_MOVE_MOUNT 429
#define NR_MOUNT_SETATTR 442
#define NR_STATMOUNT 457
#define NR_LISTMOUNT 458

/* include/uapi/linux/mount.h, stat.h */
#define EMPTY_PATHS (0x4 | 0x40) /* MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH */
#define SET_GROUP 0x100
#define UNIQUE_MOUNT_ID 0x4000
#define MOUNT_ID_OFFSET 0x90
#define ALL_MOUNTS UINT64_MAX /* LSMT_ROOT */
#define BASIC 3 /* STATMOUNT_SB_BASIC, STATMOUNT_MNT_BASIC */

struct request {
	uint32_t size, spare;
	uint64_t mount, parameter;
};

struct attributes {
	uint64_t set, clear, propagation, user_namespace;
};

#define ROOT "/tmp/mount_calls.d"
static int first, second;

static void must(long result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "mount_calls: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A call that has to fail like this, before it takes the semaphore. */
static void fails(long result, int error, const char *what)
{
	if (result < 0 && errno == error)
		return;
	fprintf(stderr, "mount_calls: %s: %ld, %s\n", what, result, strerror(errno));
	exit(1);
}

/* Two mounts of one file system, of which the first is shared. */
static void make_mounts(void)
{
	must(unshare(CLONE_NEWNS), "unshare");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "making / private");
	mkdir(ROOT, 0700);
	must(mount("calls", ROOT, "tmpfs", 0, NULL), "mounting a tmpfs");
	must(mkdir(ROOT "/first", 0700), "mkdir");
	must(mkdir(ROOT "/second", 0700), "mkdir");
	must(mount(ROOT, ROOT "/first", NULL, MS_BIND, NULL), "binding");
	must(mount(NULL, ROOT "/first", NULL, MS_SHARED, NULL), "sharing");
	must(mount(ROOT, ROOT "/second", NULL, MS_BIND, NULL), "binding");
	first = open(ROOT "/first", O_PATH | O_CLOEXEC);
	second = open(ROOT "/second", O_PATH | O_CLOEXEC);
	must(first, "open");
	must(second, "open");
}

static uint64_t mount_id(void)
{
	char status[256] = {};
	uint64_t id;

	must(syscall(SYS_statx, AT_FDCWD, "/", 0, UNIQUE_MOUNT_ID, status), "statx");
	memcpy(&id, status + MOUNT_ID_OFFSET, sizeof(id));
	return id;
}

static int statmount_once(int turn)
{
	struct request request = { .size = sizeof(request), .mount = mount_id(), .parameter = BASIC };
	char answer[4096];

	if (turn % 4 == 0) {
		/* Not found: the semaphore was taken to look. */
		request.mount = UINT64_MAX - 1;
		if (syscall(NR_STATMOUNT, &request, answer, sizeof(answer), 0) < 0 && errno == ENOSYS)
			return 0;
		if (errno != ENOENT)
			must(-1, "statmount of none");
		fails(syscall(NR_STATMOUNT, &request, answer, sizeof(answer), 1), EINVAL, "statmount with flags");
		fails(syscall(NR_STATMOUNT, NULL, answer, sizeof(answer), 0), EFAULT, "statmount without a request");
		return 1;
	}
	must(syscall(NR_STATMOUNT, &request, answer, sizeof(answer), 0), "statmount");
	return 1;
}

static int listmount_once(int turn)
{
	struct request request = { .size = sizeof(request), .mount = ALL_MOUNTS };
	uint64_t answer[64];
	long mounts = syscall(NR_LISTMOUNT, &request, answer, 64, 0);

	if (mounts < 0 && errno == ENOSYS)
		return 0;
	must(mounts, "listmount");
	if (turn % 4 == 0)
		fails(syscall(NR_LISTMOUNT, NULL, answer, 64, 0), EFAULT, "listmount without a request");
	return 1;
}

/* With a change of propagation: nothing else takes the semaphore on every kernel. */
static int mount_setattr_once(int turn)
{
	struct attributes attributes = { .propagation = turn % 2 ? MS_PRIVATE : MS_SLAVE };
	long result = syscall(NR_MOUNT_SETATTR, second, "", AT_EMPTY_PATH, &attributes, sizeof(attributes));

	if (result < 0 && errno == ENOSYS)
		return 0;
	must(result, "mount_setattr");
	if (turn % 4 == 0)
		fails(syscall(NR_MOUNT_SETATTR, second, "", AT_EMPTY_PATH, &attributes, 1), EINVAL,
		      "mount_setattr of one byte");
	return 1;
}

static int move_mount_once(int turn)
{
	const char *from = turn % 2 ? ROOT "/third" : ROOT "/second", *to = turn % 2 ? ROOT "/second" : ROOT "/third";

	if (turn == 0)
		must(mkdir(ROOT "/third", 0700), "mkdir");
	must(syscall(NR_MOVE_MOUNT, AT_FDCWD, from, AT_FDCWD, to, 0), "move_mount");
	if (turn % 4 == 0)
		fails(syscall(NR_MOVE_MOUNT, AT_FDCWD, from, AT_FDCWD, "/tmp/none", 0), ENOENT, "move_mount to nowhere");
	return 1;
}

static int set_group_once(int turn)
{
	(void)turn;
	if (syscall(NR_MOVE_MOUNT, first, "", second, "", SET_GROUP | EMPTY_PATHS) < 0) {
		if (errno == EINVAL || errno == ENOSYS)
			return 0;
		must(-1, "move_mount with MOVE_MOUNT_SET_GROUP");
	}
	must(mount(NULL, ROOT "/second", NULL, MS_PRIVATE, NULL), "making a mount private");
	return 1;
}

/* Always refused, with the semaphore: / cannot be put where it is. */
static int pivot_root_once(int turn)
{
	(void)turn;
	if (syscall(SYS_pivot_root, "/", "/") < 0 && (errno == EBUSY || errno == EINVAL))
		return 1;
	must(-1, "pivot_root");
	return 0;
}

/* Two mounts of one file system take turns at being the root. The first of them has to lie upon a root that may not be pivoted:
 * that of an initramfs. */
static int pivot_once(int turn)
{
	if (turn == 0) {
		must(mkdir(ROOT "/third", 0700), "mkdir");
		must(chdir(ROOT), "chdir");
		must(mount(".", "/", NULL, MS_MOVE, NULL), "moving a mount to /");
		must(chroot("."), "chroot");
	}
	must(chdir(turn == 0 ? "/second" : "/third"), "chdir");
	must(syscall(SYS_pivot_root, ".", "third"), "pivot_root");
	return 1;
}

static const struct {
	const char *name;
	int (*once)(int turn);
} calls[] = {
	{ "statmount", statmount_once },       { "listmount", listmount_once },   { "mount_setattr", mount_setattr_once },
	{ "move_mount", move_mount_once },     { "set_group", set_group_once },   { "pivot_root", pivot_root_once },
	{ "pivot", pivot_once },
};

int main(int count, char **arguments)
{
	int wanted = count == 3 ? atoi(arguments[2]) : 0, turn;
	size_t i;

	for (i = 0; count == 3 && i < sizeof(calls) / sizeof(*calls); i++) {
		if (strcmp(calls[i].name, arguments[1]) != 0)
			continue;
		make_mounts();
		for (turn = 0; turn < wanted && calls[i].once(turn); turn++)
			;
		printf("%s %s\n", calls[i].name, turn == wanted ? arguments[2] : "-");
		return turn == wanted || turn == 0 ? 0 : 1;
	}
	fprintf(stderr, "usage: mount_calls statmount|listmount|mount_setattr|move_mount|set_group|pivot_root|pivot N\n");
	return 64;
}
