/* Where the programs on instructions, and those on the calls whose instructions cannot be had, count and time. */
#ifndef MOUNTSCOPE_SITE_COUNTS_BPF_H
#define MOUNTSCOPE_SITE_COUNTS_BPF_H

#include "actors.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_site_counts);
} site_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MS_SITE_HISTOGRAMS);
	__type(key, ms_u32);
	__type(value, struct ms_histogram);
} site_histograms SEC(".maps");

/* The counts of this CPU. */
static __always_inline struct ms_site_counts *my_site_counts(void)
{
	ms_u32 zero = 0;

	return bpf_map_lookup_elem(&site_counts, &zero);
}

/* Counts a hit, and gives the counts of this CPU: asked for once, because each question is a call on kernels before
 * 6.10. */
static __always_inline struct ms_site_counts *hit(enum ms_site_program program)
{
	struct ms_site_counts *mine = my_site_counts();

	if (mine)
		add(&mine->hits[program], 1);
	return mine;
}

static __always_inline int lose(struct ms_site_counts *mine, enum ms_site_loss loss)
{
	if (mine)
		add(&mine->lost[loss], 1);
	return 0;
}

/* An index below a power of two, in a way that the verifier sees: the compiler would drop a test it knows to hold. */
static __always_inline ms_u32 within(ms_u32 index, ms_u32 size)
{
	asm volatile("" : "+r"(index));
	return index & (size - 1);
}

static __always_inline void count_slot(struct ms_site_counts *mine, ms_u32 slot, ms_u64 value)
{
	if (mine && slot < MS_SITE_SLOTS)
		add(&mine->counts[within(slot, MS_SITE_SLOTS)], value);
}

/* An impossible one is counted, not recorded. 1 where it was. */
static __always_inline int record(struct ms_site_counts *mine, ms_u32 key, ms_u64 duration)
{
	struct ms_histogram *histogram;

	if (is_impossible(duration))
		return lose(mine, key < MS_SITE_SEM_WRITE_WAIT ? MS_SITE_LOCK_IMPOSSIBLE : MS_SITE_SEMAPHORE_IMPOSSIBLE);
	histogram = bpf_map_lookup_elem(&site_histograms, &key);
	if (!histogram || !mine || key >= MS_SITE_HISTOGRAMS)
		return 0;
	histogram_record(histogram, duration);
	/* Tells a snapshot which histograms are worth reading. */
	add(&mine->recorded[within(key, MS_SITE_HISTOGRAM_ROOM)], 1);
	return 1;
}

/* The same, and whose it was: this task's. */
static __always_inline int record_duration(struct ms_site_counts *counts, ms_u32 key, ms_u64 since, ms_u64 now)
{
	if (record(counts, key, now - since) && config.who.on)
		my_duration(MS_ACTOR_DURATION + key, now - since);
	return 0;
}

#endif
