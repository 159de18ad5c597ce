/* A task's turn at namespace_sem: from asking for it, or from entering a call that will, to giving it back. */
#ifndef MOUNTSCOPE_TURNS_BPF_H
#define MOUNTSCOPE_TURNS_BPF_H

#include "task_slots.bpf.h"

enum turn_phase {
	TURN_NONE,
	TURN_WAITING,
	TURN_WRITING,
	TURN_READING,
	TURN_CALLED, /* somewhere in a call whose acquisition cannot be seen */
};

/* Whose turn it is: a task's at an instruction; or, kept apart, at a call whose body refuses probes. The numbers of tasks end
 * below (include/linux/threads.h, PID_MAX_LIMIT). */
enum turn_owner {
	OWNER_SITE = 0,
	OWNER_WRITE_CALL = 1U << 30,
	OWNER_READ_CALL = 1U << 31,
};

struct turn {
	ms_u64 since; /* nanoseconds: when the phase began */
	ms_u32 owner; /* the task, and what of it: enum turn_owner */
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

static __always_inline ms_u32 my_number(enum turn_owner owner)
{
	return (ms_u32)bpf_get_current_pid_tgid() | owner;
}

static __always_inline struct turn *turn_at(ms_u32 owner, ms_u32 way)
{
	ms_u32 slot = task_slot(owner, way);

	return bpf_map_lookup_elem(&turns, &slot);
}

static __always_inline struct turn *turn_of(ms_u32 owner)
{
	ms_u32 way;

#pragma unroll
	for (way = 0; way < WAYS; way++) {
		struct turn *turn = turn_at(owner, way);

		if (turn && turn->owner == owner && turn->phase != TURN_NONE)
			return turn;
	}
	return NULL;
}

static __always_inline struct turn *room_for_turn(ms_u32 owner)
{
	ms_u32 way;

#pragma unroll
	for (way = 0; way < WAYS; way++) {
		struct turn *turn = turn_at(owner, way);

		if (turn && (turn->owner == owner || turn->phase == TURN_NONE))
			return turn;
	}
	return NULL;
}

#endif
