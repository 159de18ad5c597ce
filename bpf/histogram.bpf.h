/* Log-linear histograms: the same buckets as Contention's HistogramLayout. */
#ifndef MOUNTSCOPE_HISTOGRAM_BPF_H
#define MOUNTSCOPE_HISTOGRAM_BPF_H

#include "probe_abi.h"

/* floor(log2(value)) of a value that is not 0, in six halvings and no loop. The barriers keep them branches: clang would
 * compare twice for each, to select both results. */
static __always_inline ms_u32 exponent_of(ms_u64 value)
{
	ms_u32 exponent = 0;

#define HALVE(bits)                     \
	if (value >> (bits)) {          \
		value >>= (bits);       \
		exponent += (bits);     \
		asm volatile("" : "+r"(value), "+r"(exponent)); \
	}
	HALVE(32) HALVE(16) HALVE(8) HALVE(4) HALVE(2) HALVE(1)
#undef HALVE
	return exponent;
}

static __always_inline ms_u32 bucket_of(ms_u64 ns)
{
	ms_u32 exponent;

	if (ns < MS_SUB_BUCKETS)
		return ns;
	exponent = exponent_of(ns);
	if (exponent >= MS_MAXIMUM_EXPONENT)
		return MS_BUCKETS - 1;
	return (exponent - MS_SUB_BUCKET_BITS + 1) * MS_SUB_BUCKETS +
	       ((ns >> (exponent - MS_SUB_BUCKET_BITS)) & (MS_SUB_BUCKETS - 1));
}

/* A duration that ran backwards, or is longer than the histogram reaches, is no measurement. */
static __always_inline int is_impossible(ms_u64 ns)
{
	return ns >> MS_MAXIMUM_EXPONENT != 0;
}

static __always_inline void histogram_record_zero(struct ms_histogram *histogram)
{
	add(&histogram->count, 1);
	add(&histogram->buckets[0], 1);
}

/* The maximum is racy where two tasks on one CPU both think they are it; then the smaller of the two can stay. */
static __always_inline void histogram_record(struct ms_histogram *histogram, ms_u64 ns)
{
	ms_u32 bucket = bucket_of(ns);

	add(&histogram->count, 1);
	add(&histogram->sum_ns, ns);
	if (ns > histogram->max_ns)
		histogram->max_ns = ns;
	if (bucket < MS_BUCKETS)
		add(&histogram->buckets[bucket], 1);
}

#endif
