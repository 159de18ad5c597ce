/* What the kernel itself counts about our programs and links. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "object.h"

int cprobe_program_statistics(struct cprobe_object *object, const char *name,
			      struct cprobe_program_statistics *statistics)
{
	struct bpf_program *program = object_program(object, name);
	struct bpf_prog_info info = {};
	uint32_t length = sizeof(info);

	memset(statistics, 0, sizeof(*statistics));
	if (!program)
		return -ENOENT;
	if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &length) < 0)
		return -errno;
	statistics->runs = info.run_cnt;
	statistics->run_time_ns = info.run_time_ns;
	statistics->recursion_misses = info.recursion_misses;
	/* The kernel shortens the length to what it knows. */
	statistics->recursion_misses_known =
		length >= offsetof(struct bpf_prog_info, recursion_misses) + sizeof(info.recursion_misses);
	return 0;
}

int cprobe_enable_run_time(void)
{
	int descriptor = bpf_enable_stats(BPF_STATS_RUN_TIME);

	return descriptor < 0 ? -errno : descriptor;
}

/* struct bpf_link_info of include/uapi/linux/bpf.h since 6.7, for a perf event that is a kprobe: the headers this
 * is built with may be older. */
struct kprobe_link_info {
	uint32_t type, id, prog_id, padding;
	uint32_t perf_type, perf_padding;
	uint64_t function_name;
	uint32_t name_length, offset;
	uint64_t address;
	uint64_t missed;
	uint64_t cookie;
};
_Static_assert(offsetof(struct kprobe_link_info, missed) == 48, "bpf_link_info.perf_event.kprobe.missed moved");

/* The same of a link to the entries of functions, since 6.7. */
struct functions_link_info {
	uint32_t type, id, prog_id, padding;
	uint64_t addresses;
	uint32_t count, flags;
	uint64_t missed;
};
_Static_assert(offsetof(struct functions_link_info, missed) == 32, "bpf_link_info.kprobe_multi.missed moved");

/* enum bpf_link_type, since 5.18 */
#define LINK_TO_FUNCTIONS 8
/* enum bpf_perf_event_type, since 6.6 */
#define PERF_EVENT_IS_KPROBE 3
#define PERF_EVENT_IS_KRETPROBE 4

static int link_missed(struct bpf_link *link, uint64_t *missed)
{
	/* Larger than any kernel's, so that none refuses a tail it knows and we do not. */
	union {
		struct kprobe_link_info kprobe;
		struct functions_link_info functions;
		uint8_t room[256];
	} info = {};
	uint32_t length = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_link__fd(link), (void *)&info, &length) < 0)
		return -errno;
	if (info.kprobe.type == LINK_TO_FUNCTIONS) {
		if (length < offsetof(struct functions_link_info, missed) + sizeof(*missed))
			return -ENODATA;
		*missed = info.functions.missed;
		return 0;
	}
	if (length < offsetof(struct kprobe_link_info, missed) + sizeof(*missed) ||
	    (info.kprobe.perf_type != PERF_EVENT_IS_KPROBE && info.kprobe.perf_type != PERF_EVENT_IS_KRETPROBE))
		return -ENODATA;
	*missed = info.kprobe.missed;
	return 0;
}

int cprobe_missed_kprobes(struct cprobe_object *object, const char *name, uint64_t *missed)
{
	const struct bpf_program *program = object_program(object, name);
	size_t i;

	*missed = 0;
	for (i = 0; i < object->link_count; i++) {
		uint64_t here = 0;

		if (object->links[i].program != program)
			continue;
		if (link_missed(object->links[i].link, &here) < 0)
			return -ENODATA;
		*missed += here;
	}
	return 0;
}
