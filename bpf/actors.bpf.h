/* Who an event belongs to: a table of processes, one of groups where that is full, and one row of all others, so that the rows of
 * a series always add up to what is counted by CPU. Nothing is thrown out here: user space takes rows of processes that are gone. */
#ifndef MOUNTSCOPE_ACTORS_BPF_H
#define MOUNTSCOPE_ACTORS_BPF_H

#include "actor_names.bpf.h"
#include "kept_rows.bpf.h"

static __always_inline void identify_by_casts(struct ms_actor_key *key, struct task_struct *task)
{
	struct mnt_namespace *namespace;

	task = bpf_rdonly_cast(task, bpf_core_type_id_kernel(struct task_struct));
	namespace = task->nsproxy->mnt_ns;
	key->start_ns = task->group_leader->start_boottime;
	key->tgid = task->tgid;
	key->cgroup = config.who.cgroup_subsystem ? legacy_cgroup(task) : task->cgroups->dfl_cgrp->kn->id;
	if (bpf_core_field_exists(namespace->seq))
		key->mnt_ns = namespace->seq;
	else
		key->mnt_ns = ((struct mnt_namespace___numbered *)namespace)->ns.ns_id;
}

static __always_inline void identify_by_reads(struct ms_actor_key *key, struct task_struct *task)
{
	key->start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	key->tgid = bpf_get_current_pid_tgid() >> 32;
	key->cgroup = config.who.cgroup_subsystem ? legacy_cgroup(task) : bpf_get_current_cgroup_id();
	key->mnt_ns = namespace_number(BPF_CORE_READ(task, nsproxy, mnt_ns));
}

/* Who the current task is, which this is; its series is not set. */
static __always_inline void identify_task(struct ms_actor_key *key, struct task_struct *task)
{
	if (config.who.has_casts)
		identify_by_casts(key, task);
	else
		identify_by_reads(key, task);
}

static __always_inline void identify(struct ms_actor_key *key)
{
	identify_task(key, (struct task_struct *)bpf_get_current_task());
}

/* The row of what has no other. */
static __always_inline struct ms_actor_row *other_row(ms_u32 series)
{
	ms_u32 zero = 0;
	struct ms_other_rows *others = bpf_map_lookup_elem(&other_rows, &zero);

	if (!others)
		return NULL;
	/* In a way and at a place that the verifier sees: behind the test above. */
	asm volatile("" : "+r"(series));
	return &others->of[series & (MS_ACTOR_ROOM - 1)];
}

/* Where no memo has the row: an actor's first event in a series, or that CPU's first for it. */
static __noinline struct ms_actor_row *find_row(const struct ms_actor_key *wanted, ms_u32 *memo)
{
	struct ms_actor_key key = *wanted;
	struct ms_actor_row *row = known_row(&key, memo);

	if (row)
		return row;
	if (introduce(&key) && take_row(&key)) {
		row = known_row(&key, memo);
		if (row)
			return row;
	}
	key.start_ns = 0;
	key.tgid = 0;
	row = bpf_map_lookup_elem(&group_rows, &key);
	if (row)
		return row;
	name_cgroup(key.cgroup);
	row = FIND_OR_MAKE(&group_rows, &key);
	return row ? row : other_row(key.series);
}

static __always_inline struct ms_actor_row *row_of(const struct ms_actor_key *key)
{
	ms_u32 number = key->series & (MS_ROW_MEMOS - 1);
	ms_u32 *memo = bpf_map_lookup_elem(&row_memos, &number);
	struct ms_kept_row *kept = memo ? bpf_map_lookup_elem(&actor_rows, memo) : NULL;

	if (kept && is_actor(&kept->key, key))
		return &kept->row;
	return find_row(key, memo);
}

static __always_inline void add_event(struct ms_actor_row *row, ms_u64 ns)
{
	if (!row)
		return;
	add(&row->count, 1);
	if (!ns)
		return;
	add(&row->sum_ns, ns);
	if (ns > row->max_ns)
		row->max_ns = ns;
}

/* Context switches of an actor during an event. */
static __always_inline void add_switches(struct ms_actor_row *row, ms_u32 involuntary, ms_u32 voluntary)
{
	if (row && involuntary)
		add(&row->involuntary, involuntary);
	if (row && voluntary)
		add(&row->voluntary, voluntary);
}

/* An event of this task that took so long, 0 for one without a duration. */
static __always_inline void mine_took(ms_u32 series, ms_u64 ns)
{
	struct ms_actor_key key;

	if (!config.who.on)
		return;
	identify(&key);
	key.series = series;
	add_event(row_of(&key), ns);
}

/* The same for what runs seldom. Not static: the verifier looks at it once, not at each of its calls. */
__noinline int my_duration(ms_u32 series, ms_u64 ns)
{
	mine_took(series, ns);
	return 0;
}

static __always_inline int my_event(ms_u32 series)
{
	return config.who.on ? my_duration(series, 0) : 0;
}

/* One whose actor is not known any more. */
static __always_inline void somebodys(ms_u32 series)
{
	if (config.who.on)
		add_event(other_row(series), 0);
}

#endif
