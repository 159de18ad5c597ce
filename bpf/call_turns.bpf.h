/* namespace_sem where a system call's body refuses probes: what can be told from around it. */
#ifndef MOUNTSCOPE_CALL_TURNS_BPF_H
#define MOUNTSCOPE_CALL_TURNS_BPF_H

#include "turns.bpf.h"

static __always_inline struct ms_site_counts *call_hit(enum ms_call_program program)
{
	struct ms_site_counts *mine = my_site_counts();

	if (mine && config.counts_hits)
		add(&mine->call_hits[program], 1);
	return mine;
}

static __always_inline int is_writer(void)
{
	return config.kind == MS_SITE_DOWN_WRITE;
}

static __always_inline ms_u32 my_call(void)
{
	return my_number(is_writer() ? OWNER_WRITE_CALL : OWNER_READ_CALL);
}

static __always_inline void record_wait(struct ms_site_counts *mine, struct turn *call, ms_u64 now)
{
	ms_u32 first = is_writer() ? MS_SITE_SEM_WRITE_WAIT : MS_SITE_SEM_READ_WAIT;

	record_duration(mine, first + call->class, call->since, now);
}

static __always_inline void record_hold(struct ms_site_counts *mine, struct turn *call, ms_u64 now)
{
	ms_u32 first = is_writer() ? MS_SITE_SEM_WRITE_HOLD : MS_SITE_SEM_READ_HOLD;

	record_duration(mine, first + call->class, call->since, now);
}

/* A turn that a skipped return left behind is begun anew: the kernel counts the skipped run. */
static __always_inline int entered(struct ms_site_counts *mine)
{
	struct turn *call = room_for_turn(my_call());

	if (!call)
		return lose(mine, MS_SITE_TURNS_FULL);
	*call = (struct turn){ .phase = TURN_CALLED, .kind = config.kind, .class = config.class,
			       .owner = my_call(), .since = bpf_ktime_get_ns() };
	return 0;
}

/* Does a wait of this task for namespace_sem belong to an instruction that is probed? */
static __always_inline int waits_at_site(void)
{
	struct turn *turn = turn_of(my_number(OWNER_SITE));

	return turn && turn->phase == TURN_WAITING;
}

static __always_inline int wait_begins(struct ms_site_counts *mine, ms_u64 semaphore)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct turn *call = semaphore == config.semaphore ? turn_of(my_call()) : NULL;

	if (!call || waits_at_site())
		return 0;
	/* The call asks again, so it has given back what it had. */
	if (call->phase == TURN_READING || call->phase == TURN_WRITING)
		record_hold(mine, call, now);
	call->phase = TURN_WAITING;
	call->since = now;
	return 0;
}

static __always_inline int wait_ends(struct ms_site_counts *mine, ms_u64 semaphore)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct turn *call = semaphore == config.semaphore ? turn_of(my_call()) : NULL;

	if (!call || call->phase != TURN_WAITING)
		return 0;
	record_wait(mine, call, now);
	call->phase = is_writer() ? TURN_WRITING : TURN_READING;
	call->since = now;
	return 0;
}

/* What calls return that have not come as far as the semaphore: arguments were refused, or there was no memory
 * (fs/namespace.c: copy_mnt_id_req, prepare_kstatmount, and the beginnings of statmount and listmount). */
static __always_inline int failed_early(long result)
{
	switch (result) {
	case -E2BIG:
	case -EBADF:
	case -ENOMEM:
	case -EFAULT:
	case -EINVAL:
		return 1;
	}
	return 0;
}

/* The end of a reader's hold. A writer's was seen where it gave the semaphore back; without that it never had it. */
static __always_inline int returned(struct ms_site_counts *mine, long result)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct turn *call = turn_of(my_call());
	ms_u8 phase;

	if (!call)
		return 0;
	phase = call->phase;
	call->phase = TURN_NONE;
	if (is_writer() || phase == TURN_WAITING)
		return phase == TURN_CALLED ? 0 : lose(mine, MS_SITE_SEMAPHORE_UNMATCHED);
	if (phase == TURN_CALLED && failed_early(result))
		return 0;
	record_hold(mine, call, now);
	if (phase == TURN_CALLED) {
		call->since = now;
		record_wait(mine, call, now);
	}
	return 0;
}

#endif
