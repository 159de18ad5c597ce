/* namespace_sem where a system call's body refuses probes: what can be told from around it. */
#ifndef MOUNTSCOPE_CALL_TURNS_BPF_H
#define MOUNTSCOPE_CALL_TURNS_BPF_H

#include "turns.bpf.h"

static __always_inline struct ms_site_counts *call_hit(enum ms_call_program program)
{
	struct ms_site_counts *mine = my_site_counts();

	if (mine)
		add(&mine->call_hits[program], 1);
	return mine;
}

static __always_inline ms_u32 my_call(void)
{
	return my_number(config.kind == MS_SITE_DOWN_WRITE ? OWNER_WRITE_CALL : OWNER_READ_CALL);
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
	if (call->phase == TURN_HOLDING)
		record_hold(mine, call, now);
	enter_phase(call, TURN_WAITING, now);
	return 0;
}

static __always_inline int wait_ends(struct ms_site_counts *mine, ms_u64 semaphore)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct turn *call = semaphore == config.semaphore ? turn_of(my_call()) : NULL;

	if (!call || call->phase != TURN_WAITING)
		return 0;
	record_wait(mine, call, call->since, now);
	enter_phase(call, TURN_HOLDING, now);
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

	if (!call)
		return 0;
	if (is_writers(call) || call->phase == TURN_WAITING) {
		if (call->phase != TURN_CALLED)
			lose(mine, MS_SITE_SEMAPHORE_UNMATCHED);
	} else if (call->phase == TURN_HOLDING || !failed_early(result)) {
		record_hold(mine, call, now);
	}
	call->owner = NOBODY;
	return 0;
}

#endif
