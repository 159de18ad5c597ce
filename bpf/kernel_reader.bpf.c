/* Reads kernel memory on demand: run with BPF_PROG_TEST_RUN, attached to nothing. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "probe_abi.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_window);
} window SEC(".maps");

/* ctx[0]: the address; ctx[1]: how many bytes, at most a window. Returns 0, or a negative errno. */
SEC("raw_tp")
int read_kernel(ms_u64 *ctx)
{
	const void *address = (const void *)ctx[0];
	ms_u64 length = ctx[1];
	ms_u32 zero = 0;
	struct ms_window *into = bpf_map_lookup_elem(&window, &zero);

	/* No lower bound beside it: clang would fold the two into one test that verifiers before 6.8 do not follow. */
	if (!into || length > MS_WINDOW_BYTES)
		return -1;
	return bpf_probe_read_kernel(into->bytes, length, address);
}

/* The sequence alone: what every snapshot asks for. The value is in the first four bytes of the window. */
SEC("raw_tp")
int read_word(ms_u64 *ctx)
{
	ms_u32 zero = 0;
	struct ms_window *into = bpf_map_lookup_elem(&window, &zero);

	return into ? bpf_probe_read_kernel(into->bytes, 4, (const void *)ctx[0]) : -1;
}

/* Where the registers of a task's system call lie, in bytes from its stack: at the end, but the size of a stack and what
 * is kept behind them differ between kernels. Run from within a known call: ctx[0] is its number, ctx[1] its first
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
