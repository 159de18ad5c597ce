/* A task's turn at namespace_sem: from asking for it, or from entering a call that will, to giving it back. */
#ifndef MOUNTSCOPE_TURNS_BPF_H
#define MOUNTSCOPE_TURNS_BPF_H

#include "blame.bpf.h"
#include "site_counts.bpf.h"
#include "task_slots.bpf.h"

enum turn_phase {
	TURN_WAITING,
	TURN_HOLDING,
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
	ms_u8 phase; /* enum turn_phase */
	ms_u8 kind; /* what was asked for: enum ms_site_kind */
	ms_u16 class; /* enum ms_operation of a writer, enum ms_reader of a reader */
};

TASK_TABLE(turn, turns)

static __always_inline ms_u32 my_number(enum turn_owner owner)
{
	return (ms_u32)bpf_get_current_pid_tgid() | owner;
}

static __always_inline int is_writers(const struct turn *turn)
{
	return turn->kind == MS_SITE_DOWN_WRITE;
}

static __always_inline void enter_phase(struct turn *turn, enum turn_phase phase, ms_u64 now)
{
	turn->phase = phase;
	turn->since = now;
}

static __always_inline void record_wait(struct ms_site_counts *mine, const struct turn *turn, ms_u64 since, ms_u64 now)
{
	ms_u32 first = is_writers(turn) ? MS_SITE_SEM_WRITE_WAIT : MS_SITE_SEM_READ_WAIT;

	record_duration(mine, first + turn->class, since, now);
	if (now != since)
		blame_last_holder(MS_LOCK_NAMESPACE, is_writers(turn) ? MS_SUFFERED_WRITE_WAIT : MS_SUFFERED_READ_WAIT, since,
				  now, 0);
}

/* This task gives the semaphore back. */
__noinline int had_semaphore(ms_u64 now)
{
	struct ms_actor_key who = {};

	if (!config.who.on)
		return 0;
	identify(&who);
	had(MS_LOCK_NAMESPACE, &who, my_system_call(), now);
	return 0;
}

static __always_inline void record_hold(struct ms_site_counts *mine, const struct turn *turn, ms_u64 now)
{
	ms_u32 first = is_writers(turn) ? MS_SITE_SEM_WRITE_HOLD : MS_SITE_SEM_READ_HOLD;

	/* A call that did not wait had it at once. */
	if (turn->phase == TURN_CALLED)
		record_wait(mine, turn, now, now);
	record_duration(mine, first + turn->class, turn->since, now);
	had_semaphore(now);
}

#endif
