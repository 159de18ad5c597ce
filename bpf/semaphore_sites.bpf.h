/* namespace_sem: who asks for it, gets it and gives it back, by what the task was asked to do. */
#ifndef MOUNTSCOPE_SEMAPHORE_SITES_BPF_H
#define MOUNTSCOPE_SEMAPHORE_SITES_BPF_H

#include "operation.bpf.h"
#include "task_slots.bpf.h"

enum turn_phase {
	TURN_NONE,
	TURN_WAITING,
	TURN_WRITING,
	TURN_READING,
};

struct turn {
	ms_u64 since; /* nanoseconds: when the phase began */
	ms_u32 task;
	ms_u8 phase; /* TURN_NONE: free */
	ms_u8 kind; /* what was asked for: enum ms_site_kind */
	ms_u16 class; /* enum ms_operation of a writer, enum ms_reader of a reader */
};

/* By task, never by CPU: it sleeps while it waits and while it holds. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TASK_SLOTS);
	__type(key, ms_u32);
	__type(value, struct turn);
} turns SEC(".maps");

static __always_inline struct turn *turn_at(ms_u32 task, ms_u32 way)
{
	ms_u32 slot = task_slot(task, way);

	return bpf_map_lookup_elem(&turns, &slot);
}

static __always_inline struct turn *my_turn(void)
{
	ms_u32 task = bpf_get_current_pid_tgid(), way;

#pragma unroll
	for (way = 0; way < WAYS; way++) {
		struct turn *turn = turn_at(task, way);

		if (turn && turn->task == task && turn->phase != TURN_NONE)
			return turn;
	}
	return NULL;
}

static __always_inline struct turn *room_for_turn(ms_u32 task)
{
	ms_u32 way;

#pragma unroll
	for (way = 0; way < WAYS; way++) {
		struct turn *turn = turn_at(task, way);

		if (turn && (turn->task == task || turn->phase == TURN_NONE))
			return turn;
	}
	return NULL;
}

static __always_inline int requested(struct pt_regs *ctx, struct ms_site_counts *mine)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	struct ms_site site = site_of(ctx);
	struct turn *turn = room_for_turn(task);
	struct turn begins = { .phase = TURN_WAITING, .task = task };

	if (!site.known)
		return 0;
	if (!turn)
		return lose(mine, MS_SITE_TURNS_FULL);
	if (turn->phase != TURN_NONE)
		lose(mine, MS_SITE_SEMAPHORE_UNMATCHED);
	begins.kind = site.kind;
	begins.class = site.kind == MS_SITE_DOWN_WRITE ? operation(&site) : reader();
	begins.since = bpf_ktime_get_ns();
	*turn = begins;
	return 0;
}

static __always_inline int granted(struct ms_site_counts *mine)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct turn *turn = my_turn();

	if (!turn || turn->phase != TURN_WAITING)
		return lose(mine, MS_SITE_SEMAPHORE_UNMATCHED);
	if (turn->kind == MS_SITE_DOWN_WRITE) {
		record_duration(mine, MS_SITE_SEM_WRITE_WAIT + turn->class, turn->since, now);
		turn->phase = TURN_WRITING;
	} else {
		record_duration(mine, MS_SITE_SEM_READ_WAIT + turn->class, turn->since, now);
		turn->phase = TURN_READING;
	}
	turn->since = now;
	return 0;
}

/* Before up_write, up_read or downgrade_write. A write hold ends at the downgrade; what follows is a read hold. */
static __always_inline int given_back(struct pt_regs *ctx, struct ms_site_counts *mine)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct ms_site site = site_of(ctx);
	struct turn *turn = my_turn();

	if (!site.known)
		return 0;
	if (!turn || turn->phase != (site.kind == MS_SITE_UP_READ ? TURN_READING : TURN_WRITING)) {
		if (turn)
			turn->phase = TURN_NONE;
		return lose(mine, MS_SITE_SEMAPHORE_UNMATCHED);
	}
	record_duration(mine, (turn->phase == TURN_WRITING ? MS_SITE_SEM_WRITE_HOLD : MS_SITE_SEM_READ_HOLD) + turn->class,
			turn->since, now);
	turn->phase = TURN_NONE;
	if (site.kind == MS_SITE_DOWNGRADE) {
		turn->phase = TURN_READING;
		turn->class = MS_READER_NOTIFY;
		turn->since = now;
	}
	return 0;
}

#endif
