/* The tables that the objects with programs share; loaded before them. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include "probe_abi.h"

char LICENSE[] SEC("license") = "GPL";

#include "actor_tables.bpf.h"

/* Puts indices from ctx[0] on into the queues of free rows, as far as those have room. Run by user space, before any program counts. */
SEC("raw_tp")
int free_rows_from(ms_u64 *ctx)
{
	ms_u32 first = ctx[0], i;

	for (i = 0; i < MS_FREE_BATCH; i++) {
		ms_u32 index = first + i;

		bpf_map_push_elem(&free_rows, &index, 0);
		bpf_map_push_elem(&free_scans, &index, 0);
	}
	return 0;
}
