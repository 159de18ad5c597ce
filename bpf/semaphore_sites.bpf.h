/* namespace_sem: who asks for it, gets it and gives it back, by what the task was asked to do. */
#ifndef MOUNTSCOPE_SEMAPHORE_SITES_BPF_H
#define MOUNTSCOPE_SEMAPHORE_SITES_BPF_H

#include "operation.bpf.h"
#include "turns.bpf.h"

static __always_inline int requested(struct pt_regs *ctx, struct ms_site_counts *mine)
{
	ms_u32 me = my_number(OWNER_SITE);
	struct ms_site site = site_of(ctx);
	struct turn *turn = room_for_turn(me);
	struct turn begins = { .phase = TURN_WAITING, .owner = me };

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
	struct turn *turn = turn_of(my_number(OWNER_SITE));

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

/* Of a writer whose call asked for it where no probe may be: without a wait, or held since that ended. The call may ask
 * again. */
static __always_inline int call_gave_back(struct ms_site_counts *mine, enum ms_site_kind kind, ms_u64 now)
{
	struct turn *call = turn_of(my_number(OWNER_WRITE_CALL)), *notifies;

	if (!call || (call->phase != TURN_CALLED && call->phase != TURN_WRITING))
		return lose(mine, MS_SITE_SEMAPHORE_UNMATCHED);
	if (call->phase == TURN_CALLED)
		record_duration(mine, MS_SITE_SEM_WRITE_WAIT + call->class, now, now);
	record_duration(mine, MS_SITE_SEM_WRITE_HOLD + call->class, call->since, now);
	call->phase = TURN_CALLED;
	call->since = now;
	if (kind != MS_SITE_DOWNGRADE)
		return 0;
	notifies = room_for_turn(my_number(OWNER_SITE));
	if (!notifies)
		return lose(mine, MS_SITE_TURNS_FULL);
	*notifies = (struct turn){ .phase = TURN_READING, .class = MS_READER_NOTIFY, .since = now,
				   .owner = my_number(OWNER_SITE) };
	return 0;
}

/* Before up_write, up_read or downgrade_write. A write hold ends at the downgrade; what follows is a read hold. */
static __always_inline int given_back(struct pt_regs *ctx, struct ms_site_counts *mine)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct ms_site site = site_of(ctx);
	struct turn *turn = turn_of(my_number(OWNER_SITE));

	if (!site.known)
		return 0;
	if (!turn || turn->phase != (site.kind == MS_SITE_UP_READ ? TURN_READING : TURN_WRITING)) {
		if (turn)
			turn->phase = TURN_NONE;
		return site.kind == MS_SITE_UP_READ ? lose(mine, MS_SITE_SEMAPHORE_UNMATCHED) :
						      call_gave_back(mine, site.kind, now);
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
