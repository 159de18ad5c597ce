/* bpf/mount_table.bpf.h and bpf/scans.bpf.h with a clock and tasks that the tests set. */
#include "host_kernel.h"

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

#include "../../bpf/histogram.bpf.h"
#include "../../bpf/mount_table.bpf.h"

void *bpf_rdonly_cast(const void *object, ms_u32 type)
{
	(void)type;
	return (void *)object;
}

#define FILES 3
#define MOUNTS 12

static struct kernfs_node root = { .name = "", .id = 1 };
static struct kernfs_node slice = { .parent = &root, .name = "system.slice", .id = 2 };
static struct kernfs_node service = { .parent = &slice, .name = "reader.service", .id = 3 };
static struct cgroup group = { .kn = &service };
static struct css_set groups = { .dfl_cgrp = &group };
static struct mnt_namespace namespace = { .ns = { .inum = 4026531841U }, .seq = 7, .nr_mounts = MOUNTS };
static struct nsproxy proxy = { .mnt_ns = &namespace };
static struct pt_regs call;
static struct proc_mounts mounts = { .ns = &namespace, .show = (void *)0x1000 };
static struct seq_file files[FILES];

static void become(ms_u32 task)
{
	the_task = (struct task_struct){ .stack = &call, .tgid = (int)task, .group_leader = &the_task,
					 .start_boottime = 1000 + task, .cgroups = &groups, .nsproxy = &proxy,
					 .comm = "reader" };
}

void fixture_page_begin(ms_u32 owner, ms_u64 semaphore)
{
	int i;

	host_forget();
	memset(&counters, 0, sizeof(counters));
	memset(&config, 0, sizeof(config));
	config.semaphore = semaphore;
	config.table_show[MS_TABLE_MOUNTINFO] = (ms_u64)mounts.show;
	namespace.event = 1;
	for (i = 0; i < FILES; i++)
		files[i] = (struct seq_file){ .size = 4096, .private = &mounts, .poll_event = 1 };
	become(owner);
}

void fixture_page_step(enum fixture_page_step step, ms_u64 at, ms_u64 semaphore)
{
	struct pt_regs registers = { .di = (unsigned long)&files[0] };
	const ms_u64 first = 0;

	the_moment = at;
	switch (step) {
	case FIXTURE_PAGE_REQUESTED: page_requested(&files[0], &first); break;
	case FIXTURE_PAGE_WAITS: page_waits(semaphore); break;
	case FIXTURE_PAGE_WAITED: page_waited(semaphore); break;
	case FIXTURE_PAGE_ACQUIRED: page_acquired(); break;
	case FIXTURE_PAGE_RELEASED: page_released(&files[0], mounts_at_stop(&registers), 1); break;
	}
}

struct ms_page_times fixture_page_times(void)
{
	ms_u32 table = MS_TABLE_MOUNTINFO;

	return *(struct ms_page_times *)bpf_map_lookup_elem(&page_times, &table);
}

ms_u64 fixture_page_unmatched(void)
{
	return counters.unmatched[MS_TABLE_MOUNTINFO];
}

void fixture_scans_begin(ms_u32 room)
{
	fixture_page_begin(1, 0x100);
	host_room = room;
	config.who.on = 1;
	config.who.scans = 1;
}

void fixture_scans_change(void)
{
	namespace.event++;
}

void fixture_scans_poll(int file)
{
	files[file].poll_event = (int)namespace.event;
}

void fixture_scans_page(ms_u32 task, int file, ms_u64 at, ms_u64 line, ms_u64 hold, ms_u64 bytes, int ended)
{
	become(task);
	the_moment = at;
	page_requested(&files[file], &line);
	the_moment = at + hold;
	files[file].count = bytes;
	page_released(&files[file], &mounts, ended);
}

void fixture_scans_close(int file)
{
	struct file closed = { .private_data = &files[file] };

	table_closed(&closed);
}

struct ms_scan_row fixture_scans_of(ms_u32 task)
{
	struct ms_scan_key key = { .actor = { .start_ns = 1000 + task, .cgroup = 3, .mnt_ns = 7, .tgid = task }, .mnt_ns = 7 };
	struct ms_scan_row *row = known_scan_row(&key, NULL), none = {};

	return row ? *row : none;
}

struct ms_actor_row fixture_actor_row(ms_u32 task, ms_u32 series)
{
	struct ms_actor_key key = { .start_ns = 1000 + task, .cgroup = 3, .mnt_ns = 7, .tgid = task, .series = series };
	struct ms_actor_row *row = known_row(&key, NULL), none = {};

	return row ? *row : none;
}

struct ms_actor_row fixture_group_row(ms_u32 series)
{
	struct ms_actor_key key = { .cgroup = 3, .mnt_ns = 7, .series = series };
	struct ms_actor_row *row = bpf_map_lookup_elem(&group_rows, &key), none = {};

	return row ? *row : none;
}

struct ms_actor_row fixture_other_row(ms_u32 series)
{
	return *other_row(series);
}

ms_u64 fixture_scans_lost(void)
{
	return losses_of_names()->scans;
}

int fixture_cgroup_name(ms_u64 number, char *name, ms_u64 *parent)
{
	struct ms_cgroup *found = bpf_map_lookup_elem(&cgroups, &number);

	if (!found)
		return 0;
	memcpy(name, found->name, MS_CGROUP_BYTES);
	*parent = found->parent;
	return 1;
}
