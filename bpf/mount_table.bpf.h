/* namespace_sem's readers in /proc: m_start acquires it, m_stop releases it, once for each page. */
#ifndef MOUNTSCOPE_MOUNT_TABLE_BPF_H
#define MOUNTSCOPE_MOUNT_TABLE_BPF_H

enum page_phase {
	PAGE_NONE,
	PAGE_WAITING,
	PAGE_HELD,
};

struct page {
	ms_u64 since; /* nanoseconds: when the phase began */
	ms_u32 phase;
	ms_u32 table;
};

/* The page each task is at. By task, never by CPU: m_start sleeps. A slot is used again, never deleted. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, ms_u32);
	__type(value, struct page);
} pages SEC(".maps");

static __always_inline struct page *my_page(void)
{
	ms_u32 task = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&pages, &task);
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

static __always_inline void page_record(ms_u32 first, ms_u32 table, ms_u64 ns)
{
	ms_u32 key = first + table;
	struct ms_histogram *histogram = bpf_map_lookup_elem(&histograms, &key);

	if (histogram)
		histogram_record(histogram, ns);
}

/* Which table: the function that prints its lines tells. */
static __always_inline ms_u32 table_of(struct seq_file *file)
{
	struct proc_mounts *mounts = BPF_CORE_READ(file, private);
	ms_u64 show = (ms_u64)BPF_CORE_READ(mounts, show);
	ms_u32 table;

#pragma unroll
	for (table = 0; table < MS_TABLES; table++)
		if (show == config.table_show[table])
			break;
	return table;
}

/* m_start, at its first instruction. */
static __always_inline int page_requested(struct seq_file *file)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	struct page *page = bpf_map_lookup_elem(&pages, &task);
	struct page requested = { .phase = PAGE_WAITING, .table = table_of(file) };

	if (requested.table >= MS_TABLES)
		return page_unmatched(MS_TABLES);
	if (page && page->phase != PAGE_NONE)
		page_unmatched(page->table);
	requested.since = bpf_ktime_get_ns();
	if (page)
		*page = requested;
	else if (bpf_map_update_elem(&pages, &task, &requested, BPF_ANY))
		page_not_kept(requested.table);
	return 0;
}

/* m_start, after its call of down_read. */
static __always_inline int page_acquired(void)
{
	struct page *page = my_page();
	ms_u64 now = bpf_ktime_get_ns();

	if (!page || page->phase != PAGE_WAITING)
		return page_unmatched(MS_TABLES);
	page_record(MS_HISTOGRAM_WAIT, page->table, now - page->since);
	page->since = now;
	page->phase = PAGE_HELD;
	return 0;
}

/* m_stop, at its first instruction: the semaphore is released some instructions later. */
static __always_inline int page_released(void)
{
	ms_u64 now = bpf_ktime_get_ns();
	struct page *page = my_page();

	if (!page || page->phase != PAGE_HELD)
		return page_unmatched(MS_TABLES);
	page_record(MS_HISTOGRAM_HOLD, page->table, now - page->since);
	page->phase = PAGE_NONE;
	return 0;
}

#endif
