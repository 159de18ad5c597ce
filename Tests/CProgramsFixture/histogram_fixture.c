#include <sys/cdefs.h>

#include "programs_fixture.h"

/* bpf/counter.bpf.h does it with an instruction of eBPF. */
static void add(ms_u64 *counter, ms_u64 value)
{
	*counter += value;
}

#include "../../bpf/histogram.bpf.h"

ms_u32 fixture_bucket_of(ms_u64 ns)
{
	return bucket_of(ns);
}

void fixture_record(struct ms_histogram *histogram, ms_u64 ns)
{
	histogram_record(histogram, ns);
}

int fixture_is_impossible(ms_u64 ns)
{
	return is_impossible(ns);
}

ms_u32 fixture_sub_bucket_bits(void)
{
	return MS_SUB_BUCKET_BITS;
}

ms_u32 fixture_maximum_exponent(void)
{
	return MS_MAXIMUM_EXPONENT;
}

ms_u32 fixture_buckets(void)
{
	return MS_BUCKETS;
}

ms_u32 fixture_function_parts(void)
{
	return MS_FUNCTION_PARTS;
}

ms_u32 fixture_window_bytes(void)
{
	return MS_WINDOW_BYTES;
}
