/* Looks at both locks from a timer on every CPU: how often the sequence is odd, the spinlock taken, the semaphore held,
 * and whether the interrupted CPU was waiting for an even sequence. What it costs depends on its rate, not on the load. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include "probe_abi.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct ms_sampler_config config = {};

#include "lock_words.bpf.h"
#include "samples.bpf.h"

SEC("perf_event")
int take_sample(struct pt_regs *ctx)
{
	return sampled(ctx);
}
