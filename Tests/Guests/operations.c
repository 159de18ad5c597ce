/* What single operations of mount and path code take, in nanoseconds of CLOCK_MONOTONIC. In a guest whose clock counts
 * executed instructions (see scripts/measure-cost) these are instructions.
 *
 *     operations ROUNDS            once
 *     operations ASK ANSWER        a measurement for every number of rounds read from the FIFO ASK, written to ANSWER
 *
 * Prints OPERATION, a tab and the time of one, a line each: of all rounds the fastest for what runs undisturbed, the
 * median for what waits. The second form makes the same calls on the same mounts every time: what is added between two
 * answers is what was attached meanwhile. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROOT "/tmp/operations.d"
#define CALLS 4 /* in a round: fewer than what happens between two ticks of a timer, or samples */
#define TABLE_LINES 25
#define LARGEST_ROUNDS 1000

static int table = -1;
static int odd;

static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "operations: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void nothing(void)
{
	syscall(SYS_getppid);
}

static void stat_path(void)
{
	struct stat status;

	must(stat(ROOT "/a/b/file", &status), "stat");
}

static void open_path(void)
{
	int file = open(ROOT "/a/b/file", O_RDONLY | O_CLOEXEC);

	must(file, "open");
	close(file);
}

/* Out of a mount by its root. */
static void dotdot(void)
{
	struct stat status;

	must(stat(ROOT "/a/b/../marker", &status), "stat of ..");
}

static void get_directory(void)
{
	char path[4096];

	must(syscall(SYS_getcwd, path, sizeof(path)), "getcwd");
}

/* From the beginning, so that one read is one page of the table and one hold of namespace_sem. */
static void table_page(void)
{
	static char page[4096];

	must(lseek(table, 0, SEEK_SET), "lseek");
	must(read(table, page, sizeof(page)) > 0 ? 0 : -1, "read of mountinfo");
}

/* Files of the table, for the parts of a scan: its first page, one that follows, and the close that abandons it. */
static int scans[CALLS];
static int next_scan;

static void read_lines(int file)
{
	static char lines[300];

	must(read(file, lines, sizeof(lines)) > 0 ? 0 : -1, "read of mountinfo");
}

static void open_scans(void)
{
	for (next_scan = 0; next_scan < CALLS; next_scan++) {
		if (scans[next_scan] > 0)
			close(scans[next_scan]);
		scans[next_scan] = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
		must(scans[next_scan], "open mountinfo");
	}
	next_scan = 0;
}

static void begin_scans(void)
{
	int i;

	open_scans();
	for (i = 0; i < CALLS; i++)
		read_lines(scans[i]);
}

static void scan_page(void)
{
	read_lines(scans[next_scan++]);
}

static void close_scan(void)
{
	must(close(scans[next_scan]), "close of mountinfo");
	scans[next_scan++] = 0;
}

/* One write section of mount_lock; no wait (from 6.1 on). */
static void remount(void)
{
	odd = !odd;
	must(mount(NULL, ROOT "/toggle", NULL, MS_REMOUNT | MS_BIND | (odd ? MS_RDONLY : 0), NULL), "remount");
}

static void bind_and_umount(void)
{
	must(mount(ROOT "/a", ROOT "/target", NULL, MS_BIND, NULL), "bind");
	must(umount(ROOT "/target"), "umount");
}

/* What every program does all the time: two locks of memory maps, which are rwsems as namespace_sem is one. */
static void map_and_unmap(void)
{
	void *memory = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(memory == MAP_FAILED ? -1 : 0, "mmap");
	must(munmap(memory, 4096), "munmap");
}

struct operation {
	const char *name;
	void (*call)(void);
	void (*before)(void); /* a round; not timed; NULL: nothing */
	int waits;
};

static const struct operation operations[] = {
	{ "getppid", nothing, NULL, 0 },
	{ "stat", stat_path, NULL, 0 },
	{ "open", open_path, NULL, 0 },
	{ "dotdot", dotdot, NULL, 0 },
	{ "getcwd", get_directory, NULL, 0 },
	{ "mmap", map_and_unmap, NULL, 0 },
	{ "mountinfo page", table_page, NULL, 0 },
	{ "first page", scan_page, open_scans, 0 },
	{ "next page", scan_page, begin_scans, 0 },
	{ "close", close_scan, begin_scans, 0 },
	{ "remount", remount, NULL, 0 },
	{ "bind+umount", bind_and_umount, NULL, 1 },
};

static void folder(const char *path)
{
	must(mkdir(path, 0755) && errno != EEXIST ? -1 : 0, path);
}

static void bind_over(const char *path)
{
	folder(path);
	must(mount(path, path, NULL, MS_BIND, NULL), path);
}

static void empty_file(const char *path)
{
	int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);

	must(file, path);
	close(file);
}

static int lines(int file)
{
	static char text[65536];
	ssize_t length;
	int count = 0;

	while ((length = read(file, text, sizeof(text))) > 0)
		for (ssize_t i = 0; i < length; i++)
			count += text[i] == '\n';
	return count;
}

/* A tmpfs with two nested mounts, one to toggle, and as many more as fill a table of TABLE_LINES. */
static void prepare(void)
{
	char path[64];
	int i, have;

	must(unshare(CLONE_NEWNS), "unshare");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make / private");
	folder(ROOT);
	must(mount("tmpfs", ROOT, "tmpfs", 0, NULL), "mount tmpfs");
	bind_over(ROOT "/a");
	empty_file(ROOT "/a/marker");
	bind_over(ROOT "/a/b");
	empty_file(ROOT "/a/b/file");
	bind_over(ROOT "/toggle");
	folder(ROOT "/target");
	must(chdir(ROOT "/a/b"), "chdir");
	table = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	must(table, "open mountinfo");
	have = lines(table);
	for (i = have; i < TABLE_LINES; i++) {
		snprintf(path, sizeof(path), ROOT "/more%d", i);
		bind_over(path);
	}
}

static unsigned long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	unsigned long long x = *(const unsigned long long *)a, y = *(const unsigned long long *)b;

	return (x > y) - (x < y);
}

static double measure(const struct operation *operation, int rounds)
{
	static unsigned long long times[LARGEST_ROUNDS];

	for (int round = 0; round < rounds; round++) {
		unsigned long long began;

		if (operation->before)
			operation->before();
		began = now();
		for (int i = 0; i < CALLS; i++)
			operation->call();
		times[round] = now() - began;
	}
	qsort(times, rounds, sizeof(*times), ascending);
	return (double)times[operation->waits ? rounds / 2 : 0] / CALLS;
}

static int is_sensible(int rounds)
{
	return rounds >= 1 && rounds <= LARGEST_ROUNDS;
}

static void measure_all(int rounds, FILE *into)
{
	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		measure(&operations[i], 4); /* caches of path names and memory are filled */
		fprintf(into, "%s\t%.1f\n", operations[i].name, measure(&operations[i], rounds));
	}
}

static void serve(const char *ask, const char *answer)
{
	for (;;) {
		FILE *from = fopen(ask, "r"), *into;
		int rounds = 0, have;

		must(from ? 0 : -1, ask);
		have = fscanf(from, "%d", &rounds);
		fclose(from);
		into = fopen(answer, "w");
		must(into ? 0 : -1, answer);
		if (have == 1 && is_sensible(rounds))
			measure_all(rounds, into);
		fclose(into);
	}
}

int main(int count, char **arguments)
{
	int rounds = count == 2 ? atoi(arguments[1]) : 0;

	if (count != 3 && !is_sensible(rounds)) {
		fprintf(stderr, "usage: operations ROUNDS (1 to %d) | operations ASK ANSWER\n", LARGEST_ROUNDS);
		return 64;
	}
	prepare();
	if (count == 3)
		serve(arguments[1], arguments[2]);
	measure_all(rounds, stdout);
	return 0;
}
