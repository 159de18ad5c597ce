/* The histogram of the BPF programs, compiled for the host: what the tests hold Swift's against. */
#ifndef HISTOGRAM_FIXTURE_H
#define HISTOGRAM_FIXTURE_H

#include "probe_abi.h"

ms_u32 fixture_bucket_of(ms_u64 ns);
void fixture_record(struct ms_histogram *histogram, ms_u64 ns);

/* The macros, as values that Swift can see. */
ms_u32 fixture_sub_bucket_bits(void);
ms_u32 fixture_maximum_exponent(void);
ms_u32 fixture_buckets(void);
ms_u32 fixture_function_parts(void);
ms_u32 fixture_window_bytes(void);

#endif
