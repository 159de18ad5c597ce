/* Counters that several tasks may add to at once. */
#ifndef MOUNTSCOPE_COUNTER_BPF_H
#define MOUNTSCOPE_COUNTER_BPF_H

#include "probe_abi.h"

/* Adds to a counter, atomically: although each CPU has its own, on a preemptible kernel two tasks may meet in it.
 * Spelled out, because clang makes of __sync_fetch_and_add an instruction that kernels before 5.12 do not have. */
static __always_inline void add(ms_u64 *counter, ms_u64 value)
{
	asm volatile("lock *(u64 *)(%0 + 0) += %1" : : "r"(counter), "r"(value) : "memory");
}

#endif
