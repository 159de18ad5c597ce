/* What the eBPF programs want of a kernel, for the host: maps in memory, a clock and a task that tests set. */
#ifndef HOST_KERNEL_H
#define HOST_KERNEL_H

#include <stddef.h>
#include <string.h>
#include <sys/cdefs.h>

#include "programs_fixture.h"

#define BPF_MAP_TYPE_HASH 1
#define BPF_MAP_TYPE_ARRAY 2
#define BPF_MAP_TYPE_PERCPU_ARRAY 6
#define BPF_MAP_TYPE_QUEUE 22
#define BPF_F_MMAPABLE (1 << 10)
#define BPF_ANY 0
#define BPF_NOEXIST 1
#define SEC(name)
#define __uint(name, value) int(*name)[value]
#define __type(name, type) type *name
#define __ksym
#define __weak __attribute__((weak))
#undef __noinline
#define __noinline __attribute__((noinline, unused))

/* The structs of bpf/kernel_types.h, with the members that newer kernels have. */
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, orig_ax, cs, dx, di, si;
};

struct kernfs_node {
	struct kernfs_node *parent;
	const char *name;
	unsigned long long id;
};

struct kernfs_node___renamed {
	struct kernfs_node *__parent;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

struct ns_common {
	unsigned int inum;
	unsigned long long ns_id;
};

struct mnt_namespace {
	struct ns_common ns;
	unsigned long long seq;
	unsigned long long event;
	unsigned int nr_mounts;
};

struct mnt_namespace___numbered {
	struct ns_common ns;
};

struct mnt_namespace___older {
	unsigned int mounts;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct task_struct {
	void *stack;
	int tgid;
	struct task_struct *group_leader;
	unsigned long long start_boottime;
	unsigned long nvcsw;
	unsigned long nivcsw;
	char comm[16];
	struct css_set *cgroups;
	struct nsproxy *nsproxy;
};

struct seq_file {
	unsigned long size;
	unsigned long count;
	long long index;
	struct proc_mounts *private;
	int poll_event;
};

struct proc_mounts {
	struct mnt_namespace *ns;
	void *show;
};

struct file {
	void *private_data;
};

struct seqcount {
	unsigned int sequence;
};

/* Members that a kernel may lack are there. */
#define bpf_core_field_exists(member) 1
#define bpf_core_field_offset(type, member) offsetof(type, member)
#define bpf_core_type_id_kernel(type) 0
#define READ_1(from, a) (from)->a
#define READ_2(from, a, b) (from)->a->b
#define READ_3(from, a, b, c) (from)->a->b->c
#define PICK(_1, _2, _3, name, ...) name
#define BPF_CORE_READ(from, ...) PICK(__VA_ARGS__, READ_3, READ_2, READ_1)(from, __VA_ARGS__)
#define BPF_CORE_READ_STR_INTO(into, from, a, b) strncpy((char *)*(into), (from)->a->b, sizeof(*(into)) - 1)

static ms_u64 the_moment;
static struct task_struct the_task;

#define bpf_ktime_get_ns() the_moment
#define bpf_get_current_task() (&the_task)
#define bpf_get_current_pid_tgid() ((ms_u64)the_task.tgid << 32 | (ms_u32)the_task.tgid)
#define bpf_get_current_cgroup_id() (the_task.cgroups->dfl_cgrp->kn->id)
#define bpf_probe_read_kernel(into, bytes, from) (memcpy(into, from, bytes), 0)
#define bpf_probe_read_kernel_str(into, bytes, from) strncpy((char *)(into), from, (bytes) - 1)

#define SIZES(map)                                                                                   \
	sizeof(*(map)->type) / sizeof(int), sizeof(*(map)->key), sizeof(*(map)->value),              \
		sizeof(*(map)->max_entries) / sizeof(int)
#define bpf_map_lookup_elem(map, key) host_lookup(map, SIZES(map), key)
#define bpf_map_update_elem(map, key, value, flags) host_update(map, SIZES(map), key, value, flags)

/* Entries of all maps; tests have few. */
#define HOST_ENTRIES 256
struct host_entry {
	const void *map;
	ms_u8 key[64];
	_Alignas(8) ms_u8 value[90000];
};
static struct host_entry host_entries[HOST_ENTRIES];
static int host_entry_count;

static struct host_entry *host_find(const void *map, size_t key_bytes, const void *key)
{
	int i;

	for (i = 0; i < host_entry_count; i++)
		if (host_entries[i].map == map && memcmp(host_entries[i].key, key, key_bytes) == 0)
			return &host_entries[i];
	return NULL;
}

static struct host_entry *host_make(const void *map, size_t key_bytes, const void *key)
{
	struct host_entry *entry;

	if (host_entry_count == HOST_ENTRIES)
		return NULL;
	entry = &host_entries[host_entry_count++];
	memset(entry, 0, sizeof(*entry));
	entry->map = map;
	memcpy(entry->key, key, key_bytes);
	return entry;
}

/* An array has all of its elements from the beginning. */
static void *host_lookup(const void *map, size_t type, size_t key_bytes, size_t value_bytes, size_t room, const void *key)
{
	struct host_entry *entry = host_find(map, key_bytes, key);

	if (!entry && type != BPF_MAP_TYPE_HASH && *(const ms_u32 *)key < room && value_bytes <= sizeof(entry->value))
		entry = host_make(map, key_bytes, key);
	return entry ? entry->value : NULL;
}

/* How many entries hash maps have room for; 0: as many as they say. */
static size_t host_room;

static int host_update(const void *map, size_t type, size_t key_bytes, size_t value_bytes, size_t room, const void *key,
		       const void *value, int flags)
{
	struct host_entry *entry = host_find(map, key_bytes, key);
	size_t entries = 0;
	int i;

	(void)type;
	for (i = 0; i < host_entry_count; i++)
		entries += host_entries[i].map == map;
	if (entry && flags == BPF_NOEXIST)
		return -17;
	if (!entry && entries >= (host_room ? host_room : room))
		return -7;
	if (!entry)
		entry = host_make(map, key_bytes, key);
	if (!entry)
		return -12;
	memcpy(entry->value, value, value_bytes);
	return 0;
}

/* Queues of free rows: their indices follow one another. */
#define HOST_QUEUES 2
static struct {
	const void *map;
	ms_u32 taken;
} host_queues[HOST_QUEUES];

static int host_pop(const void *map, size_t room, ms_u32 *index)
{
	int i = 0;

	while (i < HOST_QUEUES && host_queues[i].map && host_queues[i].map != map)
		i++;
	if (i == HOST_QUEUES)
		return -12;
	host_queues[i].map = map;
	if (host_queues[i].taken >= (host_room ? host_room : room))
		return -2;
	*index = host_queues[i].taken++;
	return 0;
}

#define bpf_map_pop_elem(map, value) host_pop(map, sizeof(*(map)->max_entries) / sizeof(int), value)
#define bpf_map_push_elem(map, value, flags) ((void)*(value), 0)

static void host_forget(void)
{
	host_entry_count = 0;
	memset(host_queues, 0, sizeof(host_queues));
	host_room = 0;
}

#endif
