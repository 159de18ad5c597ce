/* The timer that samples: perf's software clock, which needs no counters of the hardware and works in guests. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "diagnosis.h"
#include "object.h"
#include "timer.h"

/* By period, not by frequency: the kernel makes a period of it anyway (kernel/events/core.c,
 * perf_swevent_init_hrtimer), and kernel.perf_event_max_sample_rate bounds frequencies only. */
int open_timer(int cpu, uint64_t hertz, bool disabled)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000000000 / hertz,
		.disabled = disabled,
	};
	int fd = syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int cprobe_attach_timer(struct cprobe_object *object, const char *name, int cpu, uint64_t hertz,
			struct cprobe_diagnosis *diagnosis)
{
	struct bpf_program *program = object_program(object, name);
	struct bpf_link *link;
	int fd, error = 0;

	if (!program || hertz == 0)
		return -ENOENT;
	memset(diagnosis, 0, sizeof(*diagnosis));
	fd = open_timer(cpu, hertz, false);
	if (fd < 0)
		return fd;
	diagnosis_begin(diagnosis);
	link = bpf_program__attach_perf_event(program, fd);
	if (!link)
		error = -errno;
	diagnosis_end();
	if (error) {
		close(fd);
		return error;
	}
	return object_keep_link(object, program, link);
}
