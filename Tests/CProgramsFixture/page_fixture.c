/* bpf/mount_table.bpf.h with a clock and a task that the tests set. */
#include <stddef.h>
#include <string.h>
#include <sys/cdefs.h>

#include "programs_fixture.h"

#define BPF_MAP_TYPE_ARRAY 2
#define BPF_MAP_TYPE_PERCPU_ARRAY 6
#define SEC(name)
#define __uint(name, value) int(*name)[value]
#define __type(name, type) type *name
#define __ksym
#define __weak __attribute__((weak))
#define BPF_CORE_READ(from, member) ((from)->member)
#define bpf_core_type_id_kernel(type) 0
#define bpf_map_lookup_elem(map, key) element_of(map, *(key))
#define bpf_ktime_get_ns() the_moment
#define bpf_get_current_pid_tgid() the_task

struct proc_mounts {
	void *show;
};

struct seq_file {
	struct proc_mounts *private;
};

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, di;
};

static ms_u64 the_moment;
static ms_u32 the_task;
static struct ms_config config;
static struct ms_counters counters;

static struct ms_counters *my_counters(void)
{
	return &counters;
}

static void add(ms_u64 *counter, ms_u64 value)
{
	*counter += value;
}

static void *element_of(const void *map, ms_u32 slot);

#include "../../bpf/histogram.bpf.h"
#include "../../bpf/mount_table.bpf.h"

void *bpf_rdonly_cast(const void *object, ms_u32 type)
{
	(void)type;
	return (void *)object;
}

static struct page elements[TASK_SLOTS];
static struct ms_page_times times[MS_TABLES];

static void *element_of(const void *map, ms_u32 slot)
{
	if (map == &pages)
		return slot < TASK_SLOTS ? &elements[slot] : NULL;
	return slot < MS_TABLES ? &times[slot] : NULL;
}

static struct proc_mounts mounts = { .show = (void *)0x1000 };
static struct seq_file file = { .private = &mounts };

void fixture_page_begin(ms_u32 owner, ms_u64 semaphore)
{
	memset(elements, 0, sizeof(elements));
	memset(times, 0, sizeof(times));
	memset(&counters, 0, sizeof(counters));
	memset(&config, 0, sizeof(config));
	config.semaphore = semaphore;
	config.table_show[MS_TABLE_MOUNTINFO] = (ms_u64)mounts.show;
	the_task = owner;
}

void fixture_page_step(enum fixture_page_step step, ms_u64 at, ms_u64 semaphore)
{
	struct pt_regs registers = { .di = (unsigned long)&file };

	the_moment = at;
	switch (step) {
	case FIXTURE_PAGE_REQUESTED: page_requested(&file); break;
	case FIXTURE_PAGE_WAITS: page_waits(semaphore); break;
	case FIXTURE_PAGE_WAITED: page_waited(semaphore); break;
	case FIXTURE_PAGE_ACQUIRED: page_acquired(); break;
	case FIXTURE_PAGE_RELEASED: page_released(mounts_at_stop(&registers)); break;
	}
}

struct ms_page_times fixture_page_times(void)
{
	return times[MS_TABLE_MOUNTINFO];
}

ms_u64 fixture_page_unmatched(void)
{
	return counters.unmatched[MS_TABLE_MOUNTINFO];
}
