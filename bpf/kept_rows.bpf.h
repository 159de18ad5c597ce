/* Rows that programs find by an index: an array of keys and rows, the index of each row that is in use by its key, and a queue of
 * the indices that are free. A hash map's own search asks for some 200 instructions; a memo of the index for the comparison of a key.
 * Nothing is thrown out here: user space empties rows that nothing can be added to any more. */
#ifndef MOUNTSCOPE_KEPT_ROWS_BPF_H
#define MOUNTSCOPE_KEPT_ROWS_BPF_H

#include "actor_tables.bpf.h"

/* `known_what(key, memo)` is the row of a key that is in the table, and leaves its index in the memo; NULL where it is not.
 * `take_what(key)` takes a free row for a key; 0 where there is none. Another CPU may have taken one for the same: then this one stays
 * free. */
#define KEPT_ROWS(what, rows, places, queue, kept_type, key_type, row_type)                             \
	static __always_inline struct row_type *known_##what(const struct key_type *key, ms_u32 *memo)  \
	{                                                                                               \
		ms_u32 *place = bpf_map_lookup_elem(&places, key);                                      \
		struct kept_type *kept = place ? bpf_map_lookup_elem(&rows, place) : NULL;              \
                                                                                                        \
		if (!kept)                                                                              \
			return NULL;                                                                    \
		if (memo)                                                                               \
			*memo = *place;                                                                 \
		return &kept->row;                                                                      \
	}                                                                                               \
                                                                                                        \
	static __always_inline int take_##what(const struct key_type *key)                             \
	{                                                                                               \
		ms_u32 index = 0;                                                                       \
		struct kept_type *kept;                                                                 \
                                                                                                        \
		if (bpf_map_pop_elem(&queue, &index) != 0)                                              \
			return 0;                                                                       \
		kept = bpf_map_lookup_elem(&rows, &index);                                              \
		if (!kept)                                                                              \
			return 0;                                                                       \
		kept->key = *key;                                                                       \
		if (bpf_map_update_elem(&places, key, &index, BPF_NOEXIST) == 0)                        \
			return 1;                                                                       \
		__builtin_memset(&kept->key, 0, sizeof(kept->key));                                     \
		bpf_map_push_elem(&queue, &index, 0);                                                   \
		return 1;                                                                               \
	}

KEPT_ROWS(row, actor_rows, actor_places, free_rows, ms_kept_row, ms_actor_key, ms_actor_row)
KEPT_ROWS(scan_row, scan_rows, scan_places, free_scans, ms_kept_scan, ms_scan_key, ms_scan_row)

/* A row's key never changes while anything can be added to it: a memo of an index that others have taken since does not fit. */
static __always_inline int is_actor(const struct ms_actor_key *one, const struct ms_actor_key *other)
{
	/* The process and the series at once. */
	return *(const ms_u64 *)&one->tgid == *(const ms_u64 *)&other->tgid && one->start_ns == other->start_ns &&
	       one->cgroup == other->cgroup && one->mnt_ns == other->mnt_ns;
}

#endif
