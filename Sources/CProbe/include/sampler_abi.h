/* What timer_sampler.bpf.c shares; a part of probe_abi.h. */
#ifndef MOUNTSCOPE_SAMPLER_ABI_H
#define MOUNTSCOPE_SAMPLER_ABI_H

#ifndef MOUNTSCOPE_PROBE_ABI_H
#error "include probe_abi.h: this stands on what comes before it there"
#endif

/* What a sample may find; from MS_FOUND_SPINS on, the CPU in a loop of the nth function that waits for an even sequence. */
enum ms_finding {
	MS_FOUND_ODD,     /* the sequence */
	MS_FOUND_LOCKED,  /* the spinlock is taken */
	MS_FOUND_QUEUE,   /* and somebody waits for it */
	MS_FOUND_READERS, /* namespace_sem is held by readers */
	MS_FOUND_WRITER,  /* or by a writer */
	MS_FOUND_SPINS = 8,
};
#define MS_FINDINGS 64 /* a power of two: indices are masked; as many as a word has bits */

/* Counts of one CPU; cumulative. */
struct ms_samples {
	ms_u64 taken;
	ms_u64 judged; /* of them, those that say something about the spinlock, */
	ms_u64 judged_semaphore; /* and about the semaphore */
	ms_u64 found[MS_FINDINGS];
	ms_u64 repeated[MS_FINDINGS]; /* of them, those that found what the latest before them had found */
};

/* Instructions of a loop that waits for an even sequence. */
struct ms_spin_range {
	struct ms_range code;
	ms_u32 register_offset; /* where in struct pt_regs the sequence is */
	ms_u32 finding;
};

#define MS_SPIN_RANGES 32
#define MS_SLOW_PATHS 4
#define MS_GRANTS 4
struct ms_sampler_config {
	ms_u64 sequence;          /* addresses: mount_lock's sequence, */
	ms_u64 spinlock;          /* the word that tells whether its spinlock is taken: PREEMPT_RT: the rtmutex's owner, */
	ms_u64 spinlock_argument; /* the spinlock as functions are handed it, */
	ms_u64 semaphore;         /* namespace_sem's count; 0: not known */
	struct ms_range acquires; /* the function that takes a spinlock */
	struct ms_range grants[MS_GRANTS]; /* those in which interrupts wait until the semaphore has been granted */
	struct ms_range slow_paths[MS_SLOW_PATHS]; /* those that wait for one */
	struct ms_spin_range spins[MS_SPIN_RANGES];
	struct ms_range text; /* the kernel's: _stext to _etext */
	ms_u64 sleeps; /* 1: PREEMPT_RT, where spinlocks and semaphores are rtmutexes */
};

#endif
