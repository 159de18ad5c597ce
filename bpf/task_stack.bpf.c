/* Where a task's stack keeps the registers of its system call: asked once, attached to nothing. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "probe_abi.h"

char LICENSE[] SEC("license") = "GPL";

/* In bytes from the stack: at its end, but the size of a stack and what is kept behind them differ between kernels. Run from within a known call: ctx[0] is its number, ctx[1] its first
 * argument. Returns 0 where neither is found. */
SEC("raw_tp")
int find_user_registers(ms_u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	void *stack = BPF_CORE_READ(task, stack);
	ms_u32 size, padding;

#pragma unroll
	for (size = 8192; size <= 65536; size *= 2) {
#pragma unroll
		for (padding = 0; padding <= 16; padding += 8) {
			ms_u32 offset = size - padding - bpf_core_type_size(struct pt_regs);
			struct pt_regs *regs = stack + offset;

			if (BPF_CORE_READ(regs, orig_ax) == ctx[0] && BPF_CORE_READ(regs, di) == ctx[1])
				return offset;
		}
	}
	return 0;
}
