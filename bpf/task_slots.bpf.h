/* What is kept for each task that is inside something: an element of an array, found by the task's number.
 *
 * A hash map asks some hundred instructions for what is a multiplication and a comparison here. A task may lie in
 * WAYS elements. It keeps the one it has, also where an earlier one has become free: else a task whose end was missed would have
 * two, and a later end would find the old one. A task without one takes the first that nobody uses; where all of them are in use
 * it is not kept, which is counted. Two tasks that take the same free element in the same instant end up with the later one's
 * number: the other finds nothing, which is counted as unmatched. */
#ifndef MOUNTSCOPE_TASK_SLOTS_BPF_H
#define MOUNTSCOPE_TASK_SLOTS_BPF_H

#include "probe_abi.h"

#define WAYS 4

/* Whose an element is that nobody uses: the idle task's, which neither reads nor mounts. */
#define NOBODY 0

/* Knuth's multiplicative hash: threads of one program, whose numbers follow one another, get cache lines of their own. */
static __always_inline ms_u32 task_slot(ms_u32 task, ms_u32 way)
{
	return (task * 2654435769U >> (32 - MS_TASK_SLOT_BITS)) ^ way;
}

/* The map `table` of `struct what`, which has an `owner`; `what_of(owner)` finds the owner's element, `room_for_what(owner)` that or
 * a free one: NULL where there is none. By task, never by CPU: what is kept here sleeps. */
#define TASK_TABLE(what, table) TASK_TABLE_OF(what, table, 0)
#define TASK_TABLE_OF(what, table, flags)                                              \
	struct {                                                                       \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                      \
		__uint(map_flags, flags);                                              \
		__uint(max_entries, MS_TASK_SLOTS);                                       \
		__type(key, ms_u32);                                                   \
		__type(value, struct what);                                            \
	} table SEC(".maps");                                                          \
                                                                                       \
	static __always_inline struct what *what##_of(ms_u32 owner)                    \
	{                                                                              \
		ms_u32 way;                                                            \
                                                                                       \
		_Pragma("unroll") for (way = 0; way < WAYS; way++)                     \
		{                                                                      \
			ms_u32 slot = task_slot(owner, way);                           \
			struct what *found = bpf_map_lookup_elem(&table, &slot);       \
                                                                                       \
			if (found && found->owner == owner)                            \
				return found;                                          \
		}                                                                      \
		return NULL;                                                           \
	}                                                                              \
                                                                                       \
	static __always_inline struct what *room_for_##what(ms_u32 owner)              \
	{                                                                              \
		struct what *free = NULL;                                              \
		ms_u32 way;                                                            \
                                                                                       \
		_Pragma("unroll") for (way = 0; way < WAYS; way++)                     \
		{                                                                      \
			ms_u32 slot = task_slot(owner, way);                           \
			struct what *found = bpf_map_lookup_elem(&table, &slot);       \
                                                                                       \
			if (!found)                                                    \
				continue;                                              \
			if (found->owner == owner)                                     \
				return found;                                          \
			if (!free && found->owner == NOBODY)                           \
				free = found;                                          \
		}                                                                      \
		return free;                                                           \
	}

#endif
