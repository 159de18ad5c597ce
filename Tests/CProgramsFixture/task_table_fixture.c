#include <stddef.h>
#include <string.h>
#include <sys/cdefs.h>

#include "programs_fixture.h"

/* As the kernel has it: an array, by its number. */
#define BPF_MAP_TYPE_ARRAY 2
#define SEC(name)
#define __uint(name, value) int(*name)[value]
#define __type(name, type) type *name
#define bpf_map_lookup_elem(map, key) element(*(key))

struct entry {
	ms_u32 owner;
};

static struct entry *element(ms_u32 slot);

#include "../../bpf/task_slots.bpf.h"

TASK_TABLE(entry, fixture_entries)

static struct entry elements[MS_TASK_SLOTS];

static struct entry *element(ms_u32 slot)
{
	return slot < MS_TASK_SLOTS ? &elements[slot] : NULL;
}

ms_u32 fixture_task_slots(void)
{
	return MS_TASK_SLOTS;
}

ms_u32 fixture_task_ways(void)
{
	return WAYS;
}

int fixture_task_slot(ms_u32 task, ms_u32 way)
{
	return (int)task_slot(task, way);
}

void fixture_clear_tasks(void)
{
	(void)fixture_entries;
	memset(elements, 0, sizeof(elements));
}

void fixture_set_owner(int slot, ms_u32 owner)
{
	elements[slot].owner = owner;
}

int fixture_slot_of(ms_u32 task)
{
	struct entry *found = entry_of(task);

	return found ? (int)(found - elements) : -1;
}

int fixture_room_for(ms_u32 task)
{
	struct entry *room = room_for_entry(task);

	return room ? (int)(room - elements) : -1;
}
