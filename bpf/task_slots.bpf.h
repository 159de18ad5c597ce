/* What is kept for each task that is inside something: an element of an array, found by the task's number.
 *
 * A hash map asks some hundred instructions for what is a multiplication and a comparison here. A task may lie in
 * WAYS elements, and takes the first that nobody uses; where all of them are in use it is not kept, which is counted. Two
 * tasks that take the same free element in the same instant end up with the later one's number: the other finds nothing,
 * which is counted as unmatched. */
#ifndef MOUNTSCOPE_TASK_SLOTS_BPF_H
#define MOUNTSCOPE_TASK_SLOTS_BPF_H

#define TASK_SLOT_BITS 14
#define TASK_SLOTS (1 << TASK_SLOT_BITS)
#define WAYS 4

/* Knuth's multiplicative hash: threads of one program, whose numbers follow one another, get cache lines of their own. */
static __always_inline ms_u32 task_slot(ms_u32 task, ms_u32 way)
{
	return (task * 2654435769U >> (32 - TASK_SLOT_BITS)) ^ way;
}

#endif
