/* Puts programs where they run. */
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

/* What became of a call that makes a link, between diagnosis_begin and here; errno is the call's. */
static int outcome(struct cprobe_object *object, const struct bpf_program *program, struct bpf_link *link)
{
	int error = link ? 0 : -errno;

	diagnosis_end();
	return error ? error : object_keep_link(object, program, link);
}

int cprobe_attach_tracing(struct cprobe_object *object, const char *name, struct cprobe_diagnosis *diagnosis)
{
	struct bpf_program *program = object_program(object, name);

	if (!program)
		return -ENOENT;
	diagnosis_begin(diagnosis);
	return outcome(object, program, bpf_program__attach_trace(program));
}

int cprobe_attach_raw_tracepoint(struct cprobe_object *object, const char *name, const char *tracepoint,
				 struct cprobe_diagnosis *diagnosis)
{
	struct bpf_program *program = object_program(object, name);

	if (!program)
		return -ENOENT;
	diagnosis_begin(diagnosis);
	return outcome(object, program, bpf_program__attach_raw_tracepoint(program, tracepoint));
}

/* Owns the descriptor of a perf event, which may be a negative errno. */
static int attach_event(struct cprobe_object *object, const char *name, int fd, uint64_t cookie,
			struct cprobe_diagnosis *diagnosis)
{
	LIBBPF_OPTS(bpf_perf_event_opts, options, .bpf_cookie = cookie);
	struct bpf_program *program = object_program(object, name);
	struct bpf_link *link;

	memset(diagnosis, 0, sizeof(*diagnosis));
	if (fd < 0)
		return fd;
	if (!program) {
		close(fd);
		return -ENOENT;
	}
	diagnosis_begin(diagnosis);
	link = bpf_program__attach_perf_event_opts(program, fd, &options);
	if (!link) {
		int error = -errno;

		close(fd);
		errno = -error;
	}
	return outcome(object, program, link);
}

/* A kprobe by address, on all CPUs: with no name in config1 the kernel takes config2 for the address
 * (kernel/events/core.c, perf_kprobe). */
static int open_kprobe(uint32_t pmu_type, uint64_t address)
{
	struct perf_event_attr attributes = {
		.type = pmu_type,
		.size = sizeof(attributes),
		.config1 = 0,
		.config2 = address,
	};
	int fd = syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int cprobe_attach_kprobe(struct cprobe_object *object, const char *name, uint32_t pmu_type, uint64_t address,
			 uint64_t cookie, struct cprobe_diagnosis *diagnosis)
{
	return attach_event(object, name, open_kprobe(pmu_type, address), cookie, diagnosis);
}

int cprobe_expect_functions(struct cprobe_object *object, const char *name)
{
	struct bpf_program *program = object_program(object, name);

	return program ? bpf_program__set_expected_attach_type(program, BPF_TRACE_KPROBE_MULTI) : -ENOENT;
}

int cprobe_attach_functions(struct cprobe_object *object, const char *name, const uint64_t *addresses, size_t count,
			    struct cprobe_diagnosis *diagnosis)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, options, .addrs = (const unsigned long *)addresses, .cnt = count);
	struct bpf_program *program = object_program(object, name);

	if (!program)
		return -ENOENT;
	diagnosis_begin(diagnosis);
	return outcome(object, program, bpf_program__attach_kprobe_multi_opts(program, NULL, &options));
}

int cprobe_attach_timer(struct cprobe_object *object, const char *name, int cpu, uint64_t hertz,
			struct cprobe_diagnosis *diagnosis)
{
	return attach_event(object, name, open_timer(cpu, hertz, false), 0, diagnosis);
}
