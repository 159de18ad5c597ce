/* Who made a victim wait or begin again: of a reader, the writer of the section that it met; of a waiter, whoever had the lock last. */
#ifndef MOUNTSCOPE_BLAME_BPF_H
#define MOUNTSCOPE_BLAME_BPF_H

#include "actors.bpf.h"
#include "system_calls.bpf.h"

/* The number of the system call that a task is in; -1 for none that is known. */
static __always_inline ms_s32 system_call_of(struct task_struct *task)
{
	struct pt_regs *regs;

	if (!config.who.user_registers)
		return -1;
	regs = MEMBER(task, stack) + config.who.user_registers;
	return (MEMBER(regs, cs) & 0xffff) == USER32_CS ? -1 : (ms_s32)MEMBER(regs, orig_ax);
}

static __always_inline ms_s32 my_system_call(void)
{
	return system_call_of((struct task_struct *)bpf_get_current_task());
}

static __always_inline ms_u32 sequence_now(void)
{
	ms_u32 sequence = 0;

	if (config.who.has_casts) {
		struct seqcount *count = bpf_rdonly_cast((void *)config.who.mount_lock, bpf_core_type_id_kernel(struct seqcount));

		return count->sequence;
	}
	bpf_probe_read_kernel(&sequence, sizeof(sequence), (const void *)config.who.mount_lock);
	return sequence;
}

static __always_inline struct ms_writer *section_of(ms_u32 sequence)
{
	ms_u32 index = sequence / 2 & (MS_SECTIONS - 1);

	return bpf_map_lookup_elem(&sections, &index);
}

/* A section begins: whoever meets its sequence finds this. Before the increment, so that it is there first. */
static __always_inline void section_begins(const struct ms_writer *holder)
{
	ms_u32 sequence = sequence_now();
	struct ms_writer *writer = section_of(sequence);

	if (!writer)
		return;
	writer->who = holder->who;
	writer->call = holder->call;
	writer->sequence = sequence & ~1U;
}

static __always_inline struct ms_writer *last_holder(enum ms_lock lock)
{
	ms_u32 index = lock;

	return bpf_map_lookup_elem(&last_holders, &index);
}

/* Who has had a lock until now, for those that wait for it. */
static __always_inline void had(enum ms_lock lock, const struct ms_actor_key *who, ms_s32 call, ms_u64 now)
{
	struct ms_writer *writer = last_holder(lock);

	if (!writer)
		return;
	writer->who = *who;
	writer->call = call;
	writer->until = now;
}

static __noinline int blame(const struct ms_writer *writer, ms_u32 suffering, ms_u64 ns)
{
	struct ms_actor_losses *losses;
	struct ms_blame_key key = {};
	struct ms_blame_row *row;

	identify(&key.victim);
	key.victim.series = suffering;
	key.call = -1;
	if (writer) {
		key.writer = writer->who;
		key.writer.series = 0;
		key.call = writer->call;
	}
	row = FIND_OR_MAKE(&blame_rows, &key);
	if (row) {
		add(&row->count, 1);
		add(&row->sum_ns, ns);
		return 0;
	}
	losses = losses_of_names();
	if (losses)
		add(&losses->blame, 1);
	return 0;
}

/* A reader began at an even sequence and found another one, or spins on an odd one. Not static: see name_cgroup. */
__noinline int blame_section(ms_u32 sequence, ms_u32 suffering)
{
	struct ms_writer *writer = section_of(sequence);

	return blame(writer && writer->sequence == (sequence & ~1U) ? writer : NULL, suffering, 0);
}

/* One that does not tell which sequence it began at: whoever wrote last. */
static __always_inline int blame_latest(ms_u32 suffering)
{
	ms_u32 sequence = sequence_now();

	return blame_section(sequence & 1 ? sequence : sequence - 2, suffering);
}

/* Of a victim that waited for a lock: whoever gave it back last, if that was while it waited. A wait of which that is not certain
 * (`certain` is 0) is otherwise none: the lock was had at once. */
__noinline int blame_holder(ms_u32 lock, ms_u32 suffering, ms_u64 since, ms_u64 now, int certain)
{
	struct ms_writer *writer = bpf_map_lookup_elem(&last_holders, &lock);

	if (writer && writer->until - since <= now - since)
		return blame(writer, suffering, now - since);
	return certain ? blame(NULL, suffering, now - since) : 0;
}

static __always_inline int blame_last_holder(enum ms_lock lock, enum ms_suffering suffering, ms_u64 since, ms_u64 now,
					     int certain)
{
	return config.who.on ? blame_holder(lock, suffering, since, now, certain) : 0;
}

#endif
