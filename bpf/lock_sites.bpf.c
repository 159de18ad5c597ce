/* Programs on single instructions: those that take, leave or wait for the two locks, wherever the compiler has inlined
 * them. Nothing is attached to what runs without a writer. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "probe_abi.h"
#include "counter.bpf.h"
#include "histogram.bpf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct ms_site_config config = {};

#include "site_tables.bpf.h"
#include "spinlock_sites.bpf.h"
#include "semaphore_sites.bpf.h"

/* mount_lock: its writers and its exclusive readers */

/* In _raw_spin_lock, where only a contended lock leads. */
SEC("kprobe")
int lock_contended(struct pt_regs *ctx)
{
	struct ms_site_counts *mine = hit(MS_PROGRAM_LOCK_CONTENDED);

	return ctx->di == config.spinlock ? contended(ctx, mine) : 0;
}

/* At the increment that makes the sequence odd. */
SEC("kprobe")
int write_acquired(struct pt_regs *ctx)
{
	return acquired(ctx, hit(MS_PROGRAM_WRITE_ACQUIRED), HOLDER_WRITE);
}

/* At the increment that makes it even again. */
SEC("kprobe")
int write_left(struct pt_regs *ctx)
{
	return released(hit(MS_PROGRAM_WRITE_LEFT), HOLDER_WRITE);
}

/* Behind the call that takes the spinlock and leaves the sequence alone. */
SEC("kprobe")
int exclusive_acquired(struct pt_regs *ctx)
{
	return acquired(ctx, hit(MS_PROGRAM_EXCLUSIVE_ACQUIRED), HOLDER_EXCLUSIVE);
}

/* Before the spinlock is given back. */
SEC("kprobe")
int exclusive_released(struct pt_regs *ctx)
{
	return released(hit(MS_PROGRAM_EXCLUSIVE_RELEASED), HOLDER_EXCLUSIVE);
}

/* At the pause of a loop that waits for an even sequence. */
SEC("kprobe")
int reader_paused(struct pt_regs *ctx)
{
	return paused(ctx, hit(MS_PROGRAM_READER_PAUSED));
}

/* PREEMPT_RT: such a reader takes the lock instead, to wait for its holder. At the load of the lock's address... */
SEC("kprobe")
int reader_blocked(struct pt_regs *ctx)
{
	return blocked(hit(MS_PROGRAM_READER_BLOCKED));
}

/* ...and at the one behind it, to give the lock back. */
SEC("kprobe")
int reader_resumed(struct pt_regs *ctx)
{
	return resumed(hit(MS_PROGRAM_READER_RESUMED));
}

/* namespace_sem: all of its call sites but those of the mount tables in /proc */

SEC("kprobe")
int semaphore_requested(struct pt_regs *ctx)
{
	return requested(ctx, hit(MS_PROGRAM_SEMAPHORE_REQUESTED));
}

SEC("kprobe")
int semaphore_acquired(struct pt_regs *ctx)
{
	return granted(hit(MS_PROGRAM_SEMAPHORE_ACQUIRED));
}

SEC("kprobe")
int semaphore_released(struct pt_regs *ctx)
{
	return given_back(ctx, hit(MS_PROGRAM_SEMAPHORE_RELEASED));
}
