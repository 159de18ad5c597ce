/* mount_lock's spinlock: who takes it, how long it is waited for and held; and readers that spin on its sequence. */
#ifndef MOUNTSCOPE_SPINLOCK_SITES_BPF_H
#define MOUNTSCOPE_SPINLOCK_SITES_BPF_H

#include "blame.bpf.h"
#include "task_slots.bpf.h"

enum holder_kind {
	HOLDER_NONE,
	HOLDER_WRITE,
	HOLDER_EXCLUSIVE,
};

struct holder {
	ms_u64 since; /* nanoseconds */
	ms_u32 kind;
	ms_u32 slot; /* of the function that acquired it */
};

/* The one that has it. One slot for the machine: whoever writes it holds the lock. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct holder);
} holder SEC(".maps");

struct wait {
	ms_u64 since; /* nanoseconds; 0: nobody waits */
	ms_u64 stack; /* the stack pointer inside _raw_spin_lock */
};

/* Whoever waits on each CPU. By CPU: a task that waits for a spinlock stays. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct wait);
} waiting SEC(".maps");

/* How far the stack pointer of _raw_spin_lock is below its caller's: the return address, and what it has pushed. */
#define STACK_OF_LOCK 48

static __always_inline int contended(struct pt_regs *ctx, struct ms_site_counts *mine)
{
	ms_u32 zero = 0;
	struct wait *wait = bpf_map_lookup_elem(&waiting, &zero);

	if (!wait)
		return 0;
	if (wait->since)
		lose(mine, MS_SITE_LOCK_UNMATCHED);
	wait->since = bpf_ktime_get_ns();
	wait->stack = ctx->sp;
	return 0;
}

/* The wait that ends with this acquisition, where there was one. The stack tells it from one whose end was not seen,
 * in a function that cannot be probed. */
static __always_inline void waited(struct pt_regs *ctx, struct ms_site_counts *mine, enum ms_site_histogram key, ms_u64 now)
{
	ms_u32 zero = 0;
	struct wait *wait = bpf_map_lookup_elem(&waiting, &zero);

	if (!wait || !wait->since)
		return;
	if (ctx->sp - wait->stack <= STACK_OF_LOCK) {
		record_duration(mine, key, wait->since, now);
		blame_last_holder(MS_LOCK_MOUNT, MS_SUFFERED_LOCK_WAIT, wait->since, now, 1);
	} else {
		lose(mine, MS_SITE_LOCK_UNMATCHED);
	}
	wait->since = 0;
}

/* Who has mount_lock from now on, in the place of whoever had it last: those that waited for that one have been told. */
static __always_inline void held_by_me(enum holder_kind kind, ms_u32 slot)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct ms_writer *writer = last_holder(MS_LOCK_MOUNT);

	if (!writer)
		return;
	identify_task(&writer->who, task);
	writer->who.series = MS_ACTOR_SLOT + slot;
	writer->call = system_call_of(task);
	if (kind == HOLDER_WRITE)
		section_begins(writer);
}

/* Its section lasted so long, where that is known. */
static __always_inline void settle_section(ms_u64 now, ms_u64 duration, int known)
{
	struct ms_writer *writer = last_holder(MS_LOCK_MOUNT);

	if (!writer)
		return;
	if (known)
		add_event(row_of(&writer->who), duration);
	writer->until = now;
}

static __always_inline int acquired(struct pt_regs *ctx, struct ms_site_counts *mine, enum holder_kind kind)
{
	ms_u32 zero = 0;
	struct ms_site site = site_of(ctx);
	struct holder *holding = bpf_map_lookup_elem(&holder, &zero);
	ms_u64 now = bpf_ktime_get_ns();

	if (!site.known || !holding)
		return 0;
	count_slot(mine, site.slot, 1);
	waited(ctx, mine, kind == HOLDER_WRITE ? MS_SITE_WRITE_WAIT : MS_SITE_EXCLUSIVE_WAIT, now);
	if (holding->kind != HOLDER_NONE) {
		lose(mine, MS_SITE_LOCK_UNMATCHED);
		somebodys(MS_ACTOR_UNTIMED + holding->slot);
	}
	holding->since = now;
	holding->kind = kind;
	holding->slot = site.slot;
	if (config.who.on)
		held_by_me(kind, site.slot);
	return 0;
}

static __always_inline int released(struct ms_site_counts *mine, enum holder_kind kind)
{
	ms_u32 zero = 0;
	struct holder *holding = bpf_map_lookup_elem(&holder, &zero);
	ms_u64 now = bpf_ktime_get_ns(), duration;
	int known = 0;

	if (!holding)
		return 0;
	duration = now - holding->since;
	/* Whose section it was is asked once, here, for its acquisition and its hold. */
	if (holding->kind != kind) {
		lose(mine, MS_SITE_LOCK_UNMATCHED);
		if (holding->kind != HOLDER_NONE)
			somebodys(MS_ACTOR_UNTIMED + holding->slot);
	} else if (record(mine, kind == HOLDER_WRITE ? MS_SITE_WRITE_HOLD : MS_SITE_EXCLUSIVE_HOLD, duration)) {
		known = 1;
	} else {
		somebodys(MS_ACTOR_UNTIMED + holding->slot);
	}
	if (config.who.on)
		settle_section(now, duration, known);
	holding->kind = HOLDER_NONE;
	return 0;
}

/* By task: a preemptible kernel may move a reader that spins. User space looks for what is not settled. */
TASK_TABLE_OF(ms_spinner, spinners, BPF_F_MMAPABLE)

/* Adds the turns of an element to its actor's row, before another episode takes it: nothing tells that one is over. */
static __noinline int settle_turns(struct ms_spinner *spinner)
{
	struct ms_actor_key key = spinner->who;
	struct ms_actor_row *row = known_row(&key, NULL);

	if (!row) {
		key.start_ns = 0;
		key.tgid = 0;
		row = bpf_map_lookup_elem(&group_rows, &key);
	}
	if (!row)
		row = other_row(key.series);
	if (row)
		add(&row->sum_ns, spinner->unsettled);
	return 0;
}

/* The task's element, or one that nobody uses. Nothing tells that a reader spins no more, but that the sequence is
 * another than the one it waits on: then its element is free. CPUs begin at different ways, so that two that look in the
 * same instant do not take the same element. NULL where there is none. */
static __always_inline struct ms_spinner *room_to_spin(ms_u32 task)
{
	ms_u32 sequence = 0, first = bpf_get_smp_processor_id(), way;
	struct ms_spinner *mine = ms_spinner_of(task);

	if (mine)
		return mine;
	bpf_probe_read_kernel(&sequence, sizeof(sequence), (const void *)config.mount_lock);
#pragma unroll
	for (way = 0; way < WAYS; way++) {
		ms_u32 slot = task_slot(task, (first + way) & (WAYS - 1));
		struct ms_spinner *found = bpf_map_lookup_elem(&spinners, &slot);

		if (found && (found->owner == NOBODY || found->sequence != sequence))
			return found;
	}
	return NULL;
}

/* The register that the loop loaded the sequence into. By a helper: a program may look into its context at fixed
 * places only. */
static __always_inline ms_u32 register_value(struct pt_regs *ctx, ms_u32 offset)
{
	ms_u32 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + (offset & 0x7f));
	return value;
}

/* An episode is one reader waiting for one write section to end: a new odd value begins a new one. */
static __always_inline int paused(struct pt_regs *ctx, struct ms_site_counts *mine)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	struct ms_site site = site_of(ctx);
	struct ms_spinner *spinner, begins = {};
	ms_u64 now, turn;

	if (!site.known)
		return 0;
	begins.sequence = register_value(ctx, site.argument);
	/* Another loop's pause: the same instructions may serve two. */
	if (!(begins.sequence & 1))
		return 0;
	now = bpf_ktime_get_ns();
	count_slot(mine, site.slot + MS_SPIN_ITERATIONS, 1);
	spinner = room_to_spin(task);
	if (spinner && spinner->owner == task && spinner->sequence == begins.sequence && spinner->slot == site.slot) {
		turn = now - spinner->last;
		spinner->last = now;
		if (is_impossible(turn))
			return lose(mine, MS_SITE_SPIN_IMPOSSIBLE);
		count_slot(mine, site.slot + MS_SPIN_TIME, turn);
		if (config.who.on)
			spinner->unsettled += turn;
		return 0;
	}
	/* Without room its next turn would begin another one: whether it is an episode's first is not known. */
	if (!spinner)
		return lose(mine, MS_SITE_SPINNERS_FULL);
	count_slot(mine, site.slot + MS_SPIN_EPISODES, 1);
	begins.owner = task;
	begins.last = now;
	begins.slot = site.slot;
	if (config.who.on) {
		if (spinner->unsettled)
			settle_turns(spinner);
		identify(&begins.who);
		begins.who.series = MS_ACTOR_SLOT + site.slot;
		add_event(row_of(&begins.who), 0);
		blame_section(begins.sequence, MS_SUFFERED_SPIN);
	}
	*spinner = begins;
	return 0;
}

/* PREEMPT_RT: a task that waits for the lock as a reader. */
struct blocked_reader {
	ms_u64 since; /* nanoseconds */
	ms_u32 owner;
	ms_u32 padding;
};

TASK_TABLE(blocked_reader, blocked_readers)

static __always_inline int blocked(struct ms_site_counts *mine)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	struct blocked_reader *reader = room_for_blocked_reader(task);

	if (!reader)
		return lose(mine, MS_SITE_SPINNERS_FULL);
	reader->owner = task;
	reader->since = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int resumed(struct ms_site_counts *mine)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	ms_u64 now = bpf_ktime_get_ns();
	struct blocked_reader *reader = blocked_reader_of(task);

	if (!reader)
		return lose(mine, MS_SITE_LOCK_UNMATCHED);
	record_duration(mine, MS_SITE_READER_WAIT, reader->since, now);
	reader->owner = NOBODY;
	return 0;
}

#endif
