/* The tables of actors: one set for all objects, which share it. */
#ifndef MOUNTSCOPE_ACTOR_TABLES_BPF_H
#define MOUNTSCOPE_ACTOR_TABLES_BPF_H

/* Rows by index, the index of each row that is in use (put in once the row has its key), and the indices of the others. */
#define KEPT_TABLE(rows, places, queue, room, kept_type, key_type) \
	struct {                                                   \
		__uint(type, BPF_MAP_TYPE_ARRAY);                  \
		__uint(map_flags, BPF_F_MMAPABLE);                 \
		__uint(max_entries, room);                         \
		__type(key, ms_u32);                               \
		__type(value, struct kept_type);                   \
	} rows SEC(".maps");                                       \
                                                                   \
	struct {                                                   \
		__uint(type, BPF_MAP_TYPE_HASH);                   \
		__uint(max_entries, room);                         \
		__type(key, struct key_type);                      \
		__type(value, ms_u32);                             \
	} places SEC(".maps");                                     \
                                                                   \
	struct {                                                   \
		__uint(type, BPF_MAP_TYPE_QUEUE);                  \
		__uint(max_entries, room);                         \
		__type(value, ms_u32);                             \
	} queue SEC(".maps");

KEPT_TABLE(actor_rows, actor_places, free_rows, MS_ACTOR_ROWS, ms_kept_row, ms_actor_key)
KEPT_TABLE(scan_rows, scan_places, free_scans, MS_SCAN_ROWS, ms_kept_scan, ms_scan_key)

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MS_ROW_MEMOS);
	__type(key, ms_u32);
	__type(value, ms_u32);
} row_memos SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MS_GROUP_ROWS);
	__type(key, struct ms_actor_key);
	__type(value, struct ms_actor_row);
} group_rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_other_rows);
} other_rows SEC(".maps");

/* By actor, the series being 0. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MS_ACTORS);
	__type(key, struct ms_actor_key);
	__type(value, struct ms_actor);
} actors SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MS_CGROUPS);
	__type(key, ms_u64);
	__type(value, struct ms_cgroup);
} cgroups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_actor_losses);
} actor_losses SEC(".maps");

/* Zeros: programs have little room for them on their stacks. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_nothing);
} nothing SEC(".maps");

/* Writers by section: (sequence / 2) % MS_SECTIONS. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MS_SECTIONS);
	__type(key, ms_u32);
	__type(value, struct ms_writer);
} sections SEC(".maps");

/* By enum ms_lock. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MS_LOCKS);
	__type(key, ms_u32);
	__type(value, struct ms_writer);
} last_holders SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MS_BLAME_ROWS);
	__type(key, struct ms_blame_key);
	__type(value, struct ms_blame_row);
} blame_rows SEC(".maps");

#endif
