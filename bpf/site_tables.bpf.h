/* What is known of the instructions that programs are attached to. */
#ifndef MOUNTSCOPE_SITE_TABLES_BPF_H
#define MOUNTSCOPE_SITE_TABLES_BPF_H

#include "site_counts.bpf.h"

/* From the address of an instruction to what is known of it; written before the probes are attached. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MS_SITES);
	__type(key, ms_u64);
	__type(value, struct ms_site);
} sites SEC(".maps");

/* All 0 where it is not known. A kprobe's ip is one byte behind its instruction, whether it is a breakpoint or was optimised to a jump. */
static __always_inline struct ms_site site_of(struct pt_regs *ctx)
{
	union {
		ms_u64 cookie;
		struct ms_site site;
	} mine = {};
	struct ms_site *found;
	ms_u64 address;

	if (config.has_cookies) {
		mine.cookie = bpf_get_attach_cookie(ctx);
		return mine.site;
	}
	address = ctx->ip - 1;
	found = bpf_map_lookup_elem(&sites, &address);
	return found ? *found : mine.site;
}

#endif
