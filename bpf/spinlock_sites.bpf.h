/* mount_lock's spinlock: who takes it, how long it is waited for and held; and readers that spin on its sequence. */
#ifndef MOUNTSCOPE_SPINLOCK_SITES_BPF_H
#define MOUNTSCOPE_SPINLOCK_SITES_BPF_H

enum holder_kind {
	HOLDER_NONE,
	HOLDER_WRITE,
	HOLDER_EXCLUSIVE,
};

struct holder {
	ms_u64 since; /* nanoseconds */
	ms_u64 kind;
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
	if (ctx->sp - wait->stack <= STACK_OF_LOCK)
		record_duration(mine, key, wait->since, now);
	else
		lose(mine, MS_SITE_LOCK_UNMATCHED);
	wait->since = 0;
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
	if (holding->kind != HOLDER_NONE)
		lose(mine, MS_SITE_LOCK_UNMATCHED);
	holding->since = now;
	holding->kind = kind;
	return 0;
}

static __always_inline int released(struct ms_site_counts *mine, enum holder_kind kind)
{
	ms_u32 zero = 0;
	struct holder *holding = bpf_map_lookup_elem(&holder, &zero);
	ms_u64 now = bpf_ktime_get_ns();

	if (!holding)
		return 0;
	if (holding->kind == kind)
		record_duration(mine, kind == HOLDER_WRITE ? MS_SITE_WRITE_HOLD : MS_SITE_EXCLUSIVE_HOLD, holding->since, now);
	else
		lose(mine, MS_SITE_LOCK_UNMATCHED);
	holding->kind = HOLDER_NONE;
	return 0;
}

struct spinner {
	ms_u64 last; /* nanoseconds: its latest pause */
	ms_u32 sequence; /* the odd value it waits on */
	ms_u32 slot;
};

/* By task: a preemptible kernel may move a reader that spins. A slot is written again, never deleted. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, ms_u32);
	__type(value, struct spinner);
} spinners SEC(".maps");

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
	struct spinner *spinner, begins = {};
	ms_u64 now, turn;

	if (!site.known)
		return 0;
	begins.sequence = register_value(ctx, site.argument);
	/* Another loop's pause: the same instructions may serve two. */
	if (!(begins.sequence & 1))
		return 0;
	now = bpf_ktime_get_ns();
	count_slot(mine, site.slot + MS_SPIN_ITERATIONS, 1);
	spinner = bpf_map_lookup_elem(&spinners, &task);
	if (spinner && spinner->sequence == begins.sequence && spinner->slot == site.slot) {
		turn = now - spinner->last;
		spinner->last = now;
		if (is_impossible(turn))
			return lose(mine, MS_SITE_SPIN_IMPOSSIBLE);
		count_slot(mine, site.slot + MS_SPIN_TIME, turn);
		return 0;
	}
	count_slot(mine, site.slot + MS_SPIN_EPISODES, 1);
	begins.last = now;
	begins.slot = site.slot;
	if (spinner)
		*spinner = begins;
	else if (bpf_map_update_elem(&spinners, &task, &begins, BPF_ANY))
		lose(mine, MS_SITE_SPINNERS_FULL);
	return 0;
}

/* PREEMPT_RT: since when each task has been waiting for the lock as a reader, in nanoseconds; 0: it is not. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, ms_u32);
	__type(value, ms_u64);
} blocked_readers SEC(".maps");

static __always_inline int blocked(struct ms_site_counts *mine)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	ms_u64 now = bpf_ktime_get_ns(), *since = bpf_map_lookup_elem(&blocked_readers, &task);

	if (since)
		*since = now;
	else if (bpf_map_update_elem(&blocked_readers, &task, &now, BPF_ANY))
		lose(mine, MS_SITE_SPINNERS_FULL);
	return 0;
}

static __always_inline int resumed(struct ms_site_counts *mine)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	ms_u64 now = bpf_ktime_get_ns(), *since = bpf_map_lookup_elem(&blocked_readers, &task);

	if (!since || !*since)
		return lose(mine, MS_SITE_LOCK_UNMATCHED);
	record_duration(mine, MS_SITE_READER_WAIT, *since, now);
	*since = 0;
	return 0;
}

#endif
