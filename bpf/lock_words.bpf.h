/* What the words of the two locks say: read without the locks, so each of them may be a moment old. */
#ifndef MOUNTSCOPE_LOCK_WORDS_BPF_H
#define MOUNTSCOPE_LOCK_WORDS_BPF_H

#define FOUND(finding) (1ULL << (finding))

static __always_inline ms_u64 read_number(ms_u64 address, ms_u32 bytes)
{
	ms_u64 value = 0;

	bpf_probe_read_kernel(&value, bytes, (const void *)address);
	return value;
}

/* kernel/locking/qspinlock.c: the lowest byte is the holder's, the rest the pending bit and the tail of the queue. On
 * PREEMPT_RT the word is the owner of an rtmutex, its lowest bit telling of waiters (kernel/locking/rtmutex_common.h). */
static __always_inline ms_u64 spinlock_findings(void)
{
	ms_u64 word = read_number(config.spinlock, config.sleeps ? 8 : 4);
	ms_u64 taken = config.sleeps ? word & ~1ULL : word & 0xff;
	ms_u64 queue = config.sleeps ? word & 1 : word & ~0xffULL;

	return (taken ? FOUND(MS_FOUND_LOCKED) : 0) | (queue ? FOUND(MS_FOUND_QUEUE) : 0);
}

/* kernel/locking/rwsem.c: bit 0 is the writer's, readers count from bit 8 on. A reader that has to wait counts itself
 * for a moment, so the writer's bit goes first. The owner is no help: readers leave it behind. */
static __always_inline ms_u64 sleeping_findings(ms_u64 count)
{
	if (count & 1)
		return FOUND(MS_FOUND_WRITER);
	return count << 1 >> 9 ? FOUND(MS_FOUND_READERS) : 0;
}

/* PREEMPT_RT, kernel/locking/rwbase_rt.c: bit 30 is the writer's, bit 31 says that none waits, readers count below. */
static __always_inline ms_u64 realtime_findings(ms_u32 readers)
{
	if (readers & (1U << 30))
		return FOUND(MS_FOUND_WRITER);
	return readers << 2 ? FOUND(MS_FOUND_READERS) : 0;
}

static __always_inline ms_u64 semaphore_findings(void)
{
	if (!config.semaphore)
		return 0;
	if (config.sleeps)
		return realtime_findings(read_number(config.semaphore, 4));
	return sleeping_findings(read_number(config.semaphore, 8));
}

#endif
