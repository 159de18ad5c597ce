/* What a hit of a timer's program costs. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "object.h"
#include "timer.h"

/* What a sample costs is found by trying: mostly its interrupt, from 1 us on a machine of one's own to 30 in a guest. */
#define PRICE_HERTZ 10000
#define PRICE_NS 25000000
#define PRICE_GAPS 240
#define PRICE_GAP_NS 300

static uint64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static int ascending(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* The middle one of the gaps in which this task does not see the clock go on. Nearly all of them are the timer's; where the
 * task is put aside or the hypervisor takes the CPU away, one is long, and that changes nothing. 0 without any. */
static uint64_t middle_gap(void)
{
	uint64_t gaps[PRICE_GAPS], end = monotonic() + PRICE_NS, last = monotonic(), shortest = UINT64_MAX, now;
	size_t count = 0;

	for (; last < end && count < PRICE_GAPS; last = now) {
		now = monotonic();
		if (now - last < shortest)
			shortest = now - last;
		else if (now - last > PRICE_GAP_NS + 2 * shortest)
			gaps[count++] = now - last - shortest;
	}
	qsort(gaps, count, sizeof(*gaps), ascending);
	return count < PRICE_GAPS / 8 ? 0 : gaps[count / 2];
}

static int price_here(const struct bpf_program *program, int cpu, uint64_t *nanoseconds)
{
	struct bpf_link *link;
	int fd = open_timer(cpu, PRICE_HERTZ, false);

	if (fd < 0)
		return fd;
	link = bpf_program__attach_perf_event(program, fd);
	if (!link) {
		close(fd);
		return -errno;
	}
	*nanoseconds = middle_gap();
	bpf_link__destroy(link);
	return 0;
}

int cprobe_price_timer(struct cprobe_object *object, const char *name, uint64_t *nanoseconds)
{
	struct bpf_program *program = object_program(object, name);
	cpu_set_t allowed, here;
	int cpu = sched_getcpu(), error;

	if (!program || cpu < 0 || cpu >= CPU_SETSIZE)
		return -ENOENT;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return -errno;
	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	if (sched_setaffinity(0, sizeof(here), &here) < 0)
		return -errno;
	error = price_here(program, cpu, nanoseconds);
	sched_setaffinity(0, sizeof(allowed), &allowed);
	return error;
}
