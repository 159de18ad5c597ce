/* Programs around system calls whose bodies (__do_sys_NAME) take namespace_sem and refuse probes on their instructions. The
 * object is loaded for one function at a time: a call, or a slow path of semaphores; its programs get their target then. The
 * counts and the turns are those of lock_sites.bpf.c. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "probe_abi.h"
#include "counter.bpf.h"
#include "histogram.bpf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct ms_call_config config = {};

#include "site_counts.bpf.h"
#include "call_turns.bpf.h"

/* At __x64_sys_NAME, which every kernel lets trace. */
SEC("fentry")
int BPF_PROG(call_entered)
{
	return entered(call_hit(MS_PROGRAM_CALL_ENTERED));
}

SEC("fexit")
int BPF_PROG(call_returned, void *registers, long result)
{
	return returned(call_hit(MS_PROGRAM_CALL_RETURNED), result);
}

/* At rwsem_down_read_slowpath or rwsem_down_write_slowpath: what waits for any semaphore. */
SEC("fentry")
int BPF_PROG(call_wait_begins, void *semaphore)
{
	return wait_begins(call_hit(MS_PROGRAM_CALL_WAIT_BEGINS), (ms_u64)semaphore);
}

SEC("fexit")
int BPF_PROG(call_wait_ends, void *semaphore)
{
	return wait_ends(call_hit(MS_PROGRAM_CALL_WAIT_ENDS), (ms_u64)semaphore);
}
