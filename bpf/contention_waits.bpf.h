/* From contention_begin to contention_end of one task at one of the two locks. */
#ifndef MOUNTSCOPE_CONTENTION_WAITS_BPF_H
#define MOUNTSCOPE_CONTENTION_WAITS_BPF_H

#include "task_slots.bpf.h"

/* include/trace/events/lock.h: the lock is wanted for writing. */
#define LCB_F_WRITE (1U << 2)

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_contention_counts);
} contention_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MS_CONTENDED_HISTOGRAMS);
	__type(key, ms_u32);
	__type(value, struct ms_histogram);
} contention_histograms SEC(".maps");

struct lock_wait {
	ms_u64 since; /* nanoseconds; 0: nobody waits */
	ms_u32 key;
	ms_u32 owner; /* by task only */
};

/* For a spinlock. By CPU: who waits for one stays. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct lock_wait);
} spinning SEC(".maps");

/* For namespace_sem, and on PREEMPT_RT for mount_lock: by task. */
TASK_TABLE(lock_wait, sleeping)

static __always_inline struct ms_contention_counts *my_contention(void)
{
	ms_u32 zero = 0;

	return bpf_map_lookup_elem(&contention_counts, &zero);
}

static __always_inline void contention_hit(enum ms_contention_program program)
{
	struct ms_contention_counts *mine = my_contention();

	if (mine)
		add(&mine->hits[program], 1);
}

static __always_inline int lose_wait(enum ms_contention_loss loss)
{
	struct ms_contention_counts *mine = my_contention();

	if (mine)
		add(&mine->lost[loss], 1);
	return 0;
}

/* Which mount table a task reads: the function that prints the lines of the file it was asked to read. A file of
 * another kind may have anything where a table has this function, but not its address. */
static __always_inline ms_u32 table_read(struct task_struct *task, ms_u64 descriptor)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd), *file = NULL;
	struct seq_file *sequence;
	struct proc_mounts *mounts;
	ms_u64 show;
	ms_u32 i;

	if (descriptor >= BPF_CORE_READ(table, max_fds) ||
	    bpf_probe_read_kernel(&file, sizeof(file), files + descriptor))
		return MS_TABLES;
	sequence = BPF_CORE_READ(file, private_data);
	mounts = BPF_CORE_READ(sequence, private);
	show = (ms_u64)BPF_CORE_READ(mounts, show);
#pragma unroll
	for (i = 0; i < MS_TABLES; i++)
		if (show && show == config.table_show[i])
			return i;
	return MS_TABLES;
}

static __always_inline ms_u32 reader_key(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	ms_u32 table;

	switch (system_call(task)) {
	case CALL_STATMOUNT:
		return MS_CONTENDED_READ + MS_TABLES + MS_READER_STATMOUNT;
	case CALL_LISTMOUNT:
		return MS_CONTENDED_READ + MS_TABLES + MS_READER_LISTMOUNT;
	case CALL_READ:
	case CALL_PREAD:
	case CALL_READV:
		table = table_read(task, system_call_argument(task));
		if (table < MS_TABLES)
			return MS_CONTENDED_READ + table;
	}
	return MS_CONTENDED_READ_OTHER;
}

static __always_inline ms_u32 semaphore_key(ms_u32 flags)
{
	const struct ms_site anywhere = {};

	return flags & LCB_F_WRITE ? MS_CONTENDED_WRITE + operation(&anywhere) : reader_key();
}

/* Tasks of the same number on two locks cannot be: a task waits for one at a time, but on PREEMPT_RT for an rtmutex
 * inside of namespace_sem, which has an address of its own and is not ours. */
static __always_inline int wait_begins(ms_u64 lock, ms_u32 flags)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	struct lock_wait begins = {.owner = task}, *mine;
	ms_u32 zero = 0;

	if (lock == config.spinlock)
		begins.key = MS_CONTENDED_LOCK;
	else if (lock == config.semaphore)
		begins.key = semaphore_key(flags);
	else
		return 0;
	begins.since = bpf_ktime_get_ns();
	if (begins.key == MS_CONTENDED_LOCK && !config.sleeps)
		mine = bpf_map_lookup_elem(&spinning, &zero);
	else
		mine = room_for_lock_wait(task);
	if (!mine)
		return lose_wait(begins.key == MS_CONTENDED_LOCK ? MS_CONTENTION_LOCK_FULL : MS_CONTENTION_SEMAPHORE_FULL);
	*mine = begins;
	return 0;
}

static __always_inline int wait_ends(ms_u64 lock)
{
	ms_u64 now = bpf_ktime_get_ns(), duration;
	ms_u32 task = bpf_get_current_pid_tgid();
	struct ms_contention_counts *counts;
	struct ms_histogram *histogram;
	struct lock_wait *mine;
	ms_u32 zero = 0, key;

	if (lock == config.spinlock && !config.sleeps)
		mine = bpf_map_lookup_elem(&spinning, &zero);
	else if (lock == config.spinlock || lock == config.semaphore)
		mine = lock_wait_of(task);
	else
		return 0;
	/* One that had begun before the programs were attached, or whose element another task took in the same instant. */
	if (!mine || !mine->since)
		return lose_wait(lock == config.spinlock ? MS_CONTENTION_LOCK_UNMATCHED : MS_CONTENTION_SEMAPHORE_UNMATCHED);
	duration = now - mine->since;
	key = mine->key;
	mine->since = 0;
	mine->owner = NOBODY;
	if (is_impossible(duration))
		return lose_wait(key == MS_CONTENDED_LOCK ? MS_CONTENTION_LOCK_IMPOSSIBLE : MS_CONTENTION_SEMAPHORE_IMPOSSIBLE);
	histogram = bpf_map_lookup_elem(&contention_histograms, &key);
	counts = my_contention();
	if (!histogram || !counts)
		return 0;
	histogram_record(histogram, duration);
	/* Tells a snapshot that a histogram is worth reading. */
	asm volatile("" : "+r"(key));
	add(&counts->recorded[key & (MS_CONTENDED_ROOM - 1)], 1);
	return 0;
}

#endif
