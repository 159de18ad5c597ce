/* The attached programs: they count and time in place, in per-CPU maps that only grow. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "probe_abi.h"
#include "counter.bpf.h"
#include "histogram.bpf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct ms_config config = {};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_counters);
} counters SEC(".maps");

#include "seqlock.bpf.h"
#include "mount_table.bpf.h"

/* mount_lock: validations that fail, and the walks that are done again because of it. These run on every walk, and nearly
 * always see success: what a failure asks for is apart, so that they need no registers for it. */

static __noinline int legitimize_failed(void *ctx)
{
	hit(MS_PROGRAM_LEGITIMIZE_MNT);
	if (!counts_walks())
		return validation_failed(ctx, FEXIT_FRAMES);
	if (validation_failed(ctx, NEAR_FRAMES))
		validation_failed(ctx, FAR_FRAMES);
	return 0;
}

SEC("fexit/__legitimize_mnt")
int BPF_PROG(legitimize_mnt, void *mnt, unsigned int seq, int failed)
{
	return failed ? legitimize_failed(ctx) : hit(MS_PROGRAM_LEGITIMIZE_MNT);
}

static __noinline int handle_dots_failed(void *ctx, struct nameidata *nd, long result)
{
	hit(MS_PROGRAM_HANDLE_DOTS);
	if (!(gave_up(result) || result == -EAGAIN) || !sequence_moved(nd))
		return 0;
	if (gave_up(result) && counts_walks() && walk_above_gives_up(ctx, NEAR_FRAMES))
		walk_above_gives_up(ctx, FAR_FRAMES);
	return count_retry(MS_RETRY_DOTDOT);
}

SEC("fexit/handle_dots")
int BPF_PROG(handle_dots, struct nameidata *nd, int type, long result)
{
	return is_error(result) ? handle_dots_failed(ctx, nd, result) : hit(MS_PROGRAM_HANDLE_DOTS);
}

static __noinline int walk_failed(struct nameidata *nd, enum ms_program program, enum ms_walk walk)
{
	hit(program);
	return walk_fell_back(nd, walk);
}

SEC("fexit/path_lookupat")
int BPF_PROG(path_lookupat, struct nameidata *nd, unsigned int flags, void *path, int result)
{
	return gave_up(result) ? walk_failed(nd, MS_PROGRAM_PATH_LOOKUPAT, MS_WALK_LOOKUP) : hit(MS_PROGRAM_PATH_LOOKUPAT);
}

SEC("fexit/path_openat")
int BPF_PROG(path_openat, struct nameidata *nd, void *op, unsigned int flags, long result)
{
	return gave_up(result) ? walk_failed(nd, MS_PROGRAM_PATH_OPENAT, MS_WALK_OPEN) : hit(MS_PROGRAM_PATH_OPENAT);
}

SEC("fexit/path_parentat")
int BPF_PROG(path_parentat, struct nameidata *nd, unsigned int flags, void *parent, int result)
{
	return gave_up(result) ? walk_failed(nd, MS_PROGRAM_PATH_PARENTAT, MS_WALK_PARENT) : hit(MS_PROGRAM_PATH_PARENTAT);
}

/* The same facts from instructions that run only when a validation has failed. */

SEC("kprobe")
int legitimize_mnt_fails(struct pt_regs *ctx)
{
	hit(MS_PROGRAM_LEGITIMIZE_MNT_FAILS);
	return validation_failed(ctx, STACK_FRAMES);
}

SEC("kprobe")
int handle_dots_fails(struct pt_regs *ctx)
{
	hit(MS_PROGRAM_HANDLE_DOTS_FAILS);
	return dotdot_failed(my_walk());
}

SEC("kprobe")
int lookup_redone(struct pt_regs *ctx)
{
	hit(MS_PROGRAM_LOOKUP_REDONE);
	return walk_fell_back(my_walk(), MS_WALK_LOOKUP);
}

SEC("kprobe")
int open_redone(struct pt_regs *ctx)
{
	hit(MS_PROGRAM_OPEN_REDONE);
	return walk_fell_back(my_walk(), MS_WALK_OPEN);
}

SEC("kprobe")
int parent_redone(struct pt_regs *ctx)
{
	hit(MS_PROGRAM_PARENT_REDONE);
	return walk_fell_back(my_walk(), MS_WALK_PARENT);
}

/* At the instructions of prepend_path that take the spinlock for its second pass. */
SEC("kprobe")
int prepend_path_locks(struct pt_regs *ctx)
{
	hit(MS_PROGRAM_PREPEND_PATH_LOCKS);
	return count_retry(MS_RETRY_D_PATH);
}

/* Where no kprobe is allowed: the sequence before and after. It moves more often than prepend_path retries. */
SEC("fentry/prepend_path")
int BPF_PROG(prepend_path_enter)
{
	hit(MS_PROGRAM_PREPEND_PATH_ENTER);
	return remember_sequence();
}

SEC("fexit/prepend_path")
int BPF_PROG(prepend_path_exit)
{
	hit(MS_PROGRAM_PREPEND_PATH_EXIT);
	return compare_sequence();
}

/* namespace_sem: one page of a mount table, from m_start to m_stop */

SEC("kprobe")
int m_start(struct pt_regs *ctx)
{
	return page_requested((struct seq_file *)ctx->di, (const void *)ctx->si);
}

SEC("kprobe")
int m_start_acquired(struct pt_regs *ctx)
{
	hit(MS_PROGRAM_M_START_ACQUIRED);
	return page_acquired();
}

/* What down_read calls when it has to wait, for any semaphore. */
SEC("fentry/rwsem_down_read_slowpath")
int BPF_PROG(read_waits, void *semaphore)
{
	hit(MS_PROGRAM_READ_WAITS);
	return page_waits((ms_u64)semaphore);
}

SEC("fexit/rwsem_down_read_slowpath")
int BPF_PROG(read_waited, void *semaphore)
{
	hit(MS_PROGRAM_READ_WAITED);
	return page_waited((ms_u64)semaphore);
}

SEC("kprobe")
int m_stop(struct pt_regs *ctx)
{
	/* What would be shown next. */
	int ended = !ctx->si;

	return page_released((struct seq_file *)ctx->di, mounts_at_stop(ctx), ended);
}

SEC("kprobe")
int mounts_release(struct pt_regs *ctx)
{
	hit(MS_PROGRAM_MOUNTS_RELEASE);
	return table_closed((struct file *)ctx->si);
}
