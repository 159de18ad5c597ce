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
	return ctx->di == config.spinlock ? contended(ctx) : 0;
}

/* At the increment that makes the sequence odd. */
SEC("kprobe")
int write_acquired(struct pt_regs *ctx)
{
	return acquired(ctx, HOLDER_WRITE);
}

/* At the increment that makes it even again. */
SEC("kprobe")
int write_left(struct pt_regs *ctx)
{
	return released(HOLDER_WRITE);
}

/* Behind the call that takes the spinlock and leaves the sequence alone. */
SEC("kprobe")
int exclusive_acquired(struct pt_regs *ctx)
{
	return acquired(ctx, HOLDER_EXCLUSIVE);
}

/* Before the spinlock is given back. */
SEC("kprobe")
int exclusive_released(struct pt_regs *ctx)
{
	return released(HOLDER_EXCLUSIVE);
}

/* At the pause of a loop that waits for an even sequence. */
SEC("kprobe")
int reader_paused(struct pt_regs *ctx)
{
	return paused(ctx);
}

/* namespace_sem: all of its call sites but those of the mount tables in /proc */

SEC("kprobe")
int semaphore_requested(struct pt_regs *ctx)
{
	return requested(ctx);
}

SEC("kprobe")
int semaphore_acquired(struct pt_regs *ctx)
{
	return granted();
}

SEC("kprobe")
int semaphore_released(struct pt_regs *ctx)
{
	return given_back(ctx);
}
