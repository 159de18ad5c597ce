/* One sample: the locks' words, and where the CPU was interrupted. */
#ifndef MOUNTSCOPE_SAMPLES_BPF_H
#define MOUNTSCOPE_SAMPLES_BPF_H

/* Counts need no atomic additions: the timer's interrupt does not interrupt itself. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_samples);
} samples SEC(".maps");

/* What the latest sample found, on whatever CPU: tells how far samples repeat one another. Two at the same moment may
 * overwrite each other. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, ms_u64);
} latest SEC(".maps");

/* Comparisons without branches: with a dozen of them one after the other, a verifier would follow each of thousands of ways.
 * The barriers keep clang from making branches of them again. */
static __always_inline ms_u64 top_bit(ms_u64 value)
{
	asm volatile("" : "+r"(value));
	return value >> 63;
}

static __always_inline ms_u64 is_inside(ms_u64 ip, const volatile struct ms_range *range)
{
	ms_u64 distance = ip - range->start;

	return top_bit((distance - (range->end - range->start)) & ~distance);
}

static __always_inline ms_u64 is_inside_any(ms_u64 ip, const volatile struct ms_range *ranges, int count)
{
	ms_u64 found = 0;
	int i;

#pragma unroll
	for (i = 0; i < count; i++)
		found |= is_inside(ip, &ranges[i]);
	return found;
}

/* With a branch, where what follows is skipped. */
static __always_inline int inside(ms_u64 ip, const volatile struct ms_range *range)
{
	return ip >= range->start && ip < range->end;
}

static __always_inline ms_u64 same(ms_u64 left, ms_u64 right)
{
	ms_u64 difference = left ^ right;

	return top_bit(difference | -difference) ^ 1;
}

/* Where the CPU was interrupted. Each register is loaded once: clang would keep the place of one that is used twice, and
 * verifiers take no pointer into the context. */
struct interrupted {
	ms_u64 ip;
	ms_u64 has_spinlock; /* one of the registers that arguments are kept in has the spinlock's address */
	ms_u64 has_semaphore; /* or the semaphore's */
};

/* No struct rw_semaphore is shorter. */
#define SEMAPHORE_REACH 32

static __always_inline struct interrupted interrupted(struct pt_regs *ctx)
{
	ms_u64 lock = config.spinlock_argument, di = ctx->di, bx = ctx->bx, bp = ctx->bp, r12 = ctx->r12, r13 = ctx->r13;
	ms_u64 semaphore = config.semaphore, r14 = ctx->r14, r15 = ctx->r15;
	struct interrupted at = {
		.ip = ctx->ip,
		.has_spinlock = same(di, lock) | same(bx, lock) | same(bp, lock) | same(r12, lock) | same(r13, lock),
		/* Its wait_lock, the argument of the unlock, is a part of it. */
		.has_semaphore = top_bit((di - semaphore - SEMAPHORE_REACH) & ~(di - semaphore)) |
				 same(bx, semaphore) | same(bp, semaphore) | same(r12, semaphore) |
				 same(r13, semaphore) | same(r14, semaphore) | same(r15, semaphore),
	};

	return at;
}

/* A timer that fires while `lock cmpxchg` waits for the lock's line is served behind it, with the lock just taken:
 * samples pile up there and would make this CPU the holder too often. They say nothing about the spinlock. */
static __always_inline int is_acquiring(struct interrupted at)
{
	return is_inside(at.ip, &config.acquires) & at.has_spinlock;
}

/* A semaphore that is contended is granted with interrupts off (kernel/locking/rwsem.c, under wait_lock): a timer that fires
 * meanwhile is served where they come on again, with the semaphore just granted. Short holds would seem twice as long. */
static __always_inline int is_granting(struct interrupted at)
{
	return is_inside_any(at.ip, config.grants, MS_GRANTS) & at.has_semaphore;
}

/* Spinlocks without a queue (test-and-set, in guests without paravirtual locks) show no waiter but the one that was
 * interrupted. */
static __always_inline int is_queued(struct interrupted at)
{
	return is_inside_any(at.ip, config.slow_paths, MS_SLOW_PATHS) & at.has_spinlock;
}

/* A register of the interrupted code. The context is a `struct bpf_perf_event_data_kern` (include/linux/perf_event.h),
 * whose first member points to them; programs may look into it at fixed places only. */
static __always_inline ms_u32 interrupted_register(void *ctx, ms_u32 offset)
{
	ms_u64 registers = 0;

	bpf_probe_read_kernel(&registers, sizeof(registers), ctx);
	return read_number(registers + (offset & 0x7f), 4);
}

/* Where kernel code that is not the kernel's text was copied from. A pause with a breakpoint on it runs as a copy, `pause; jmp
 * back`, and a timer that was due in the breakpoint's handler is served there (arch/x86/kernel/kprobes/core.c, setup_singlestep).
 * Where the kernel lets the copy run with interrupts off, the timer is served in the loop. A pause that was optimised to a jump has
 * a handler that is interrupted itself: such samples say nothing of the loop. */
static __always_inline ms_u64 copied_from(ms_u64 ip)
{
	ms_u64 code;

	if (!top_bit(ip) || inside(ip, &config.text))
		return ip;
	code = read_number(ip, 8);
	/* e9 rel32 */
	if ((code & 0xff) == 0xe9)
		return ip + 5 + (ms_s64)(ms_s32)(code >> 8);
	/* f3 90 e9 rel32 */
	if ((code & 0xffffff) == 0xe990f3)
		return ip + 7 + (ms_s64)(ms_s32)(code >> 24);
	return ip;
}

/* How far the sequence may have moved since a loop read it: what is further away is no sequence. */
#define SEQUENCE_REACH 4096

/* Which loop the CPU waits in, as a finding; 0: in none. In a loop's instructions is not enough: they also serve readers
 * that met an even sequence, and other loops. The register must have an odd value that the sequence just had. */
static __always_inline ms_u32 spin_finding(void *ctx, ms_u64 ip, ms_u32 sequence)
{
	ms_u32 i, seen, found = 0;

#pragma unroll
	for (i = 0; i < MS_SPIN_RANGES; i++) {
		const volatile struct ms_spin_range *spin = &config.spins[i];

		if (!spin->code.end || !inside(ip, &spin->code))
			continue;
		seen = interrupted_register(ctx, spin->register_offset);
		if ((seen & 1) && sequence - seen < SEQUENCE_REACH)
			found = spin->finding;
	}
	return found;
}

static __always_inline void tally(struct ms_samples *mine, ms_u64 found, ms_u64 before, ms_u32 finding)
{
	if (!(found >> finding & 1))
		return;
	mine->found[finding]++;
	if (before >> finding & 1)
		mine->repeated[finding]++;
}

static __always_inline void tally_spin(struct ms_samples *mine, ms_u64 before, ms_u32 finding)
{
	/* In a way that the verifier sees. */
	asm volatile("" : "+r"(finding));
	finding &= MS_FINDINGS - 1;
	mine->found[finding]++;
	if (before >> finding & 1)
		mine->repeated[finding]++;
}

static __always_inline int sampled(struct pt_regs *ctx)
{
	ms_u32 zero = 0, sequence = read_number(config.sequence, 4), spin;
	ms_u64 found = spinlock_findings(), *last = bpf_map_lookup_elem(&latest, &zero), before;
	struct ms_samples *mine = bpf_map_lookup_elem(&samples, &zero);
	struct interrupted at = interrupted(ctx);

	if (!mine || !last)
		return 0;
	before = *last;
	mine->taken++;
	if (is_acquiring(at)) {
		/* As if the latest sample were still valid. */
		found = before & (FOUND(MS_FOUND_LOCKED) | FOUND(MS_FOUND_QUEUE));
	} else {
		mine->judged++;
		if (is_queued(at))
			found |= FOUND(MS_FOUND_QUEUE);
		tally(mine, found, before, MS_FOUND_LOCKED);
		tally(mine, found, before, MS_FOUND_QUEUE);
	}
	if (is_granting(at)) {
		found |= before & (FOUND(MS_FOUND_READERS) | FOUND(MS_FOUND_WRITER));
	} else {
		mine->judged_semaphore++;
		found |= semaphore_findings();
		tally(mine, found, before, MS_FOUND_READERS);
		tally(mine, found, before, MS_FOUND_WRITER);
	}
	if (sequence & 1)
		found |= FOUND(MS_FOUND_ODD);
	tally(mine, found, before, MS_FOUND_ODD);
	spin = spin_finding(ctx, copied_from(at.ip), sequence);
	if (spin) {
		found |= FOUND(spin & (MS_FINDINGS - 1));
		tally_spin(mine, before, spin);
	}
	*last = found;
	return 0;
}

#endif
