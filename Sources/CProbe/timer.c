/* The timer that samples: perf's software clock, which needs no counters of the hardware and works in guests. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "timer.h"

/* By period, not by frequency: the kernel makes a period of it anyway (kernel/events/core.c,
 * perf_swevent_init_hrtimer), and kernel.perf_event_max_sample_rate bounds frequencies only. */
int open_timer(int cpu, uint64_t hertz, bool disabled)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.disabled = disabled,
	};
	int fd;

	if (!hertz)
		return -EINVAL;
	attributes.sample_period = 1000000000 / hertz;
	fd = syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
