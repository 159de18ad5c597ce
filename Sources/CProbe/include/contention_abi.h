/* What contention.bpf.c shares; a part of probe_abi.h. */
#ifndef MOUNTSCOPE_CONTENTION_ABI_H
#define MOUNTSCOPE_CONTENTION_ABI_H

#ifndef MOUNTSCOPE_PROBE_ABI_H
#error "include probe_abi.h: this stands on what comes before it there"
#endif

enum ms_contention_program {
	MS_PROGRAM_CONTENTION_BEGINS,
	MS_PROGRAM_CONTENTION_ENDS,
	MS_CONTENTION_PROGRAMS,
};

/* Keys of its histograms. Readers: the mount tables, statmount, listmount, others; writers: by operation. */
enum ms_contended {
	MS_CONTENDED_LOCK,
	MS_CONTENDED_READ,
	MS_CONTENDED_READ_OTHER = MS_CONTENDED_READ + MS_TABLES + 2,
	MS_CONTENDED_WRITE,
	MS_CONTENDED_HISTOGRAMS = MS_CONTENDED_WRITE + MS_OPERATIONS,
};

/* Why a wait was not measured. */
enum ms_contention_loss {
	MS_CONTENTION_LOCK_FULL,
	MS_CONTENTION_SEMAPHORE_FULL,
	MS_CONTENTION_LOCK_UNMATCHED,
	MS_CONTENTION_SEMAPHORE_UNMATCHED,
	MS_CONTENTION_LOCK_IMPOSSIBLE,
	MS_CONTENTION_SEMAPHORE_IMPOSSIBLE,
	MS_CONTENTION_LOSSES,
};

/* Counts of one CPU; cumulative. */
#define MS_CONTENDED_ROOM 32 /* a power of two: indices are masked */
struct ms_contention_counts {
	ms_u64 recorded[MS_CONTENDED_ROOM];
	ms_u64 lost[MS_CONTENTION_LOSSES];
	ms_u64 hits[MS_CONTENTION_PROGRAMS];
};

struct ms_contention_config {
	ms_u64 spinlock;              /* addresses as the tracepoints say them: mount_lock's spinlock, */
	ms_u64 semaphore;             /* and namespace_sem; 0: not known */
	ms_u64 user_registers;        /* as in struct ms_site_config */
	ms_u64 table_show[MS_TABLES]; /* as in struct ms_config */
	ms_u64 sleeps;                /* 1: PREEMPT_RT */
};

#endif
