/* namespace_sem's readers in /proc: m_start acquires it, m_stop releases it, once for each page. */
#ifndef MOUNTSCOPE_MOUNT_TABLE_BPF_H
#define MOUNTSCOPE_MOUNT_TABLE_BPF_H

#include "blame.bpf.h"
#include "scans.bpf.h"
#include "task_slots.bpf.h"

/* How often a task has lost the CPU against its will, and given it up, in the lower halves. */
struct switches {
	ms_u32 involuntary;
	ms_u32 voluntary;
};

/* Of the current task, which this is. */
static __always_inline void switches_so_far(struct switches *switches, struct task_struct *task)
{
	switches->involuntary = MEMBER(task, nivcsw);
	switches->voluntary = MEMBER(task, nvcsw);
}

static __always_inline struct task_struct *me(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/* The page a task is at. */
struct page {
	ms_u64 requested; /* nanoseconds */
	ms_u64 acquired;  /* nanoseconds; 0: not yet, or without a wait; PAGE_WAITS */
	ms_u32 owner; /* the task */
	ms_u32 padding;
	struct switches switches; /* before its hold; of actors only */
};

/* It waits for the semaphore, or the end of its wait was not seen: the boot clock was past it before any program ran. */
#define PAGE_WAITS 1

TASK_TABLE(page, pages)

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MS_TABLES);
	__type(key, ms_u32);
	__type(value, struct ms_page_times);
} page_times SEC(".maps");

static __always_inline struct page *my_page(void)
{
	return page_of(bpf_get_current_pid_tgid());
}

static __always_inline int page_unmatched(ms_u32 table)
{
	struct ms_counters *mine = my_counters();

	if (mine && table <= MS_TABLES)
		add(&mine->unmatched[table], 1);
	return 0;
}

static __always_inline int page_not_kept(ms_u32 table)
{
	struct ms_counters *mine = my_counters();

	if (mine && table < MS_TABLES)
		add(&mine->map_full[table], 1);
	return 0;
}

static __always_inline int page_impossible(ms_u32 table)
{
	struct ms_counters *mine = my_counters();

	if (mine && table < MS_TABLES)
		add(&mine->impossible[table], 1);
	return 0;
}

/* Most waits are 0. */
static __always_inline void page_record(ms_u32 table, ms_u64 wait, ms_u64 hold)
{
	struct ms_page_times *times = bpf_map_lookup_elem(&page_times, &table);

	if (!times)
		return;
	if (wait)
		histogram_record(&times->wait, wait);
	else
		histogram_record_zero(&times->wait);
	histogram_record(&times->hold, hold);
}

static __always_inline struct proc_mounts *mounts_of(struct seq_file *file)
{
	return MEMBER(file, private);
}

/* The same at m_stop, which may have it in a register that it keeps over calls. The barriers keep the reads apart: the verifier
 * wants them at fixed places of the context. */
static __always_inline struct proc_mounts *mounts_at_stop(struct pt_regs *ctx)
{
	ms_u64 mounts;

#define FROM(number, name)                              \
	if (config.mounts_register == (number)) {       \
		mounts = ctx->name;                     \
		asm volatile("" : "+r"(mounts));        \
		return (struct proc_mounts *)mounts;    \
	}
	FROM(3, bx) FROM(5, bp) FROM(12, r12) FROM(13, r13) FROM(14, r14) FROM(15, r15)
#undef FROM
	return mounts_of((struct seq_file *)ctx->di);
}

/* Which table: the function that prints its lines tells. */
static __always_inline ms_u32 table_of(struct proc_mounts *mounts)
{
	ms_u64 show = (ms_u64)MEMBER(mounts, show);
	ms_u32 table;

#pragma unroll
	for (table = 0; table < MS_TABLES; table++)
		if (show == config.table_show[table])
			break;
	return table;
}

/* Whose page it was, and of which scan. */
static __always_inline void page_was_mine(const struct page *page, struct seq_file *file, ms_u32 table, ms_u64 now,
					  ms_u64 wait, ms_u64 hold, int ended)
{
	struct task_struct *task = me();
	struct switches switches;
	struct ms_actor_key key;
	struct ms_actor_row *row;

	switches_so_far(&switches, task);
	identify_task(&key, task);
	key.series = MS_ACTOR_PAGE_HOLD + table;
	row = row_of(&key);
	add_event(row, hold);
	add_switches(row, switches.involuntary - page->switches.involuntary,
		     switches.voluntary - page->switches.voluntary);
	had(MS_LOCK_NAMESPACE, &key, CALL_READ, now);
	if (wait) {
		my_duration(MS_ACTOR_PAGE_WAIT + table, wait);
		blame_last_holder(MS_LOCK_NAMESPACE, MS_SUFFERED_READ_WAIT, page->requested, page->acquired, 1);
	}
	if (config.who.scans)
		scan_goes_on(file, table, now, hold, ended);
}

/* Whether a page begins at the first line: `position` leads to the file's index (fs/seq_file.c). */
static __always_inline int is_first(struct seq_file *file, const void *position)
{
	ms_u64 line = 0;

	if (config.who.has_casts)
		return !MEMBER(file, index);
	bpf_probe_read_kernel(&line, sizeof(line), position);
	return !line;
}

/* m_start, before it acquires; at which line it is to begin, a `loff_t *`. */
static __always_inline int page_requested(struct seq_file *file, const void *position)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	struct page *page = room_for_page(task);

	if (!page)
		return page_not_kept(table_of(mounts_of(file)));
	if (page->owner == task)
		page_unmatched(table_of(mounts_of(file)));
	page->owner = task;
	page->acquired = 0;
	if (config.who.on)
		switches_so_far(&page->switches, me());
	page->requested = bpf_ktime_get_ns();
	if (config.who.scans && is_first(file, position))
		scan_begins((ms_u64)file, page->requested);
	return 0;
}

/* m_start, after its call of down_read. */
static __always_inline int page_acquired(void)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct page *page = my_page();

	if (!page)
		return page_unmatched(MS_TABLES);
	page->acquired = now;
	if (config.who.on)
		switches_so_far(&page->switches, me());
	return 0;
}

/* The begin and the end of a wait for any semaphore. Only namespace_sem counts, and of its readers only those that are about to
 * print a page. The begin is marked so that a page whose end was skipped is not taken for one that was had at once. */
static __always_inline int page_waits(ms_u64 semaphore)
{
	struct page *page = semaphore == config.semaphore ? my_page() : NULL;

	if (page)
		page->acquired = PAGE_WAITS;
	return 0;
}

static __always_inline int page_waited(ms_u64 semaphore)
{
	struct page *page = semaphore == config.semaphore ? my_page() : NULL;

	if (!page)
		return 0;
	page->acquired = bpf_ktime_get_ns();
	if (config.who.on)
		switches_so_far(&page->switches, me());
	return 0;
}

/* m_stop, at its begin: the semaphore is released some instructions later. Where waits are seen as such, a
 * page without one was had at once. */
static __always_inline int page_released(struct seq_file *file, struct proc_mounts *mounts, int ended)
{
	ms_u64 now = bpf_ktime_get_ns(), wait = 0, hold;
	ms_u32 table = table_of(mounts);
	struct page *page = my_page();

	if (!page || table >= MS_TABLES || (!page->acquired && !config.semaphore))
		return page_unmatched(table);
	if (page->acquired == PAGE_WAITS) {
		page->owner = NOBODY;
		return page_unmatched(table);
	}
	if (page->acquired)
		wait = page->acquired - page->requested;
	hold = now - page->requested - wait;
	if (is_impossible(wait) || is_impossible(hold)) {
		page->owner = NOBODY;
		return page_impossible(table);
	}
	page_record(table, wait, hold);
	if (config.who.on)
		page_was_mine(page, file, table, now, wait, hold, ended);
	page->owner = NOBODY;
	return 0;
}

#endif
