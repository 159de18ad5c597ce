/* Waits for the locks by the kernel's own contention tracepoints (since 5.19): for kernels that take no kprobes. They see
 * only some of the waits. No stacks: collecting one would lengthen the very wait. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "probe_abi.h"
#include "counter.bpf.h"
#include "histogram.bpf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct ms_contention_config config = {};

#include "operation.bpf.h"
#include "contention_waits.bpf.h"

/* The lock and its LCB_F_* flags (include/trace/events/lock.h). */
SEC("raw_tp/contention_begin")
int contention_begins(ms_u64 *ctx)
{
	contention_hit(MS_PROGRAM_CONTENTION_BEGINS);
	return wait_begins(ctx[0], ctx[1]);
}

/* The lock, and whether it was had. */
SEC("raw_tp/contention_end")
int contention_ends(ms_u64 *ctx)
{
	contention_hit(MS_PROGRAM_CONTENTION_ENDS);
	return wait_ends(ctx[0]);
}
