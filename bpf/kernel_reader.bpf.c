/* Reads kernel memory on demand: run with BPF_PROG_TEST_RUN, attached to nothing. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
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
