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
	struct turn begins = { .phase = TURN_WAITING, .owner = me, .kind = site.kind };

	if (!site.known)
		return 0;
	if (!turn)
		return lose(mine, MS_SITE_TURNS_FULL);
	if (turn->owner == me)
		lose(mine, MS_SITE_SEMAPHORE_UNMATCHED);
	begins.class = is_writers(&begins) ? operation(&site) : reader();
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
	record_wait(mine, turn, turn->since, now);
	enter_phase(turn, TURN_HOLDING, now);
	return 0;
}

/* What a writer holds behind its downgrade, while it tells whoever watches mounts. */
static __always_inline void begin_notify(struct turn *turn, ms_u64 now)
{
	*turn = (struct turn){ .phase = TURN_HOLDING, .kind = MS_SITE_DOWN_READ, .class = MS_READER_NOTIFY,
			       .since = now, .owner = my_number(OWNER_SITE) };
}

/* Of a writer whose call asked for it where no probe may be: without a wait, or held since that ended. The call may ask
 * again. */
static __always_inline int call_gave_back(struct ms_site_counts *mine, enum ms_site_kind kind, ms_u64 now)
{
	struct turn *call = turn_of(my_number(OWNER_WRITE_CALL)), *notifies;

	if (!call || call->phase == TURN_WAITING)
		return lose(mine, MS_SITE_SEMAPHORE_UNMATCHED);
	record_hold(mine, call, now);
	enter_phase(call, TURN_CALLED, now);
	if (kind != MS_SITE_DOWNGRADE)
		return 0;
	notifies = room_for_turn(my_number(OWNER_SITE));
	if (!notifies)
		return lose(mine, MS_SITE_TURNS_FULL);
	begin_notify(notifies, now);
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
	if (!turn || turn->phase != TURN_HOLDING || is_writers(turn) == (site.kind == MS_SITE_UP_READ)) {
		if (turn)
			turn->owner = NOBODY;
		return site.kind == MS_SITE_UP_READ ? lose(mine, MS_SITE_SEMAPHORE_UNMATCHED) :
						      call_gave_back(mine, site.kind, now);
	}
	record_hold(mine, turn, now);
	if (site.kind == MS_SITE_DOWNGRADE)
		begin_notify(turn, now);
	else
		turn->owner = NOBODY;
	return 0;
}

#endif
