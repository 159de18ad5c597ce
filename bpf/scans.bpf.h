/* Scans of the mount tables in /proc: the pages of one open file joined, from its first line to its last or to the close. */
#ifndef MOUNTSCOPE_SCANS_BPF_H
#define MOUNTSCOPE_SCANS_BPF_H

#include "actors.bpf.h"
#include "system_calls.bpf.h"
#include "task_slots.bpf.h"

enum scan_state {
	SCAN_IDLE, /* at its end, or before its first page */
	SCAN_UNDER_WAY,
	SCAN_AGAIN, /* its latest page was too long for the kernel's buffer, and is made once more */
};

/* An open file, and the scan it is at. */
struct scan {
	ms_u64 file; /* the number of its struct seq_file */
	struct ms_scan_key who;
	ms_u64 begun; /* nanoseconds */
	ms_u64 hold_ns;
	ms_u64 bytes;
	ms_u64 buffer;
	ms_u64 event; /* the namespace's count of changes when it began */
	ms_u32 pages;
	ms_u16 state; /* enum scan_state */
	ms_u16 polled;
	ms_u32 owner; /* the file again, in fewer bits */
	ms_u32 memo; /* where its row was last; of the file before it too */
};

TASK_TABLE(scan, open_tables)

/* A file's address, less one that never changes: the verifier takes what a `void *` of the kernel leads to for memory (since 6.17), and
 * the difference of two pointers for a number. */
static __always_inline ms_u64 number_of(void *file)
{
	if (!config.who.has_casts)
		return (ms_u64)file;
	return (ms_u64)bpf_rdonly_cast(file, bpf_core_type_id_kernel(struct seq_file)) - (ms_u64)&config;
}

/* In units of what the kernel allocates: those of 32 GB are told apart. */
static __always_inline ms_u32 file_number(ms_u64 file)
{
	return (ms_u32)(file >> 3) | 1;
}

static __always_inline struct scan *scan_of_file(ms_u64 file)
{
	struct scan *scan = scan_of(file_number(file));

	return scan && scan->file == file ? scan : NULL;
}

static __always_inline int scan_lost(void)
{
	struct ms_actor_losses *losses = losses_of_names();

	if (losses)
		add(&losses->scans, 1);
	return 0;
}

/* Where no memo has the row. */
static __noinline struct ms_scan_row *find_scan_row(struct scan *scan)
{
	struct ms_scan_key key = scan->who;
	struct ms_scan_row *row = known_scan_row(&key, &scan->memo);

	if (row)
		return row;
	introduce(&key.actor);
	return take_scan_row(&key) ? known_scan_row(&key, &scan->memo) : NULL;
}

static __always_inline struct ms_scan_row *row_of_scan(struct scan *scan)
{
	struct ms_kept_scan *kept = bpf_map_lookup_elem(&scan_rows, &scan->memo);

	if (kept && kept->key.mnt_ns == scan->who.mnt_ns && is_actor(&kept->key.actor, &scan->who.actor))
		return &kept->row;
	return find_scan_row(scan);
}

/* Adds what was gathered to the actor's row, and begins to gather anew. */
static __noinline int settle_scan(struct scan *scan, ms_u64 now, int complete, ms_u64 mounts)
{
	struct ms_scan_row *row = row_of_scan(scan);
	ms_u64 wall = now - scan->begun;

	if (!row)
		return scan_lost();
	add(&row->pages, scan->pages);
	add(&row->bytes, scan->bytes);
	add(&row->hold_ns, scan->hold_ns);
	if (scan->hold_ns > row->hold_max_ns)
		row->hold_max_ns = scan->hold_ns;
	row->buffer = scan->buffer;
	if (scan->state != SCAN_IDLE && !complete)
		add(&row->abandoned, 1);
	if (complete) {
		if (row->complete && row->event == scan->event)
			add(&row->redundant, 1);
		if (scan->polled)
			add(&row->polled, 1);
		row->event = scan->event;
		add(&row->complete, 1);
		add(&row->mounts, mounts);
		add(&row->wall_ns, wall);
		if (wall > row->wall_max_ns)
			row->wall_max_ns = wall;
	}
	scan->pages = 0;
	scan->bytes = 0;
	scan->hold_ns = 0;
	scan->state = SCAN_IDLE;
	return 0;
}

static __always_inline ms_u64 event_of(struct proc_mounts *mounts)
{
	struct mnt_namespace *namespace = MEMBER(mounts, ns);

	return MEMBER(namespace, event);
}

static __always_inline ms_u64 mounts_in(struct proc_mounts *mounts)
{
	struct mnt_namespace *namespace = MEMBER(mounts, ns);
	struct mnt_namespace___older *older = (void *)namespace;

	if (bpf_core_field_exists(namespace->nr_mounts))
		return MEMBER(namespace, nr_mounts);
	return MEMBER(older, mounts);
}

/* What the reader has room for, by its system call; 0: not known. */
static __always_inline ms_u64 reader_buffer(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct pt_regs *regs = MEMBER(task, stack) + config.who.user_registers;

	if (!config.who.user_registers || (MEMBER(regs, cs) & 0xffff) == USER32_CS)
		return 0;
	switch (MEMBER(regs, orig_ax)) {
	case CALL_READ:
	case CALL_PREAD:
		return MEMBER(regs, dx);
	}
	return 0;
}

/* At a page that begins with the table's first line. Not static: see name_cgroup. */
__noinline int scan_begins(ms_u64 address, ms_u64 now)
{
	struct seq_file *file = (struct seq_file *)address;
	ms_u64 number = number_of(file);
	struct scan *scan = room_for_scan(file_number(number));
	struct proc_mounts *mounts = MEMBER(file, private);
	ms_u64 event = event_of(mounts);
	int known;

	if (!scan)
		return scan_lost();
	known = scan->owner == file_number(number) && scan->file == number;
	if (known && scan->state == SCAN_AGAIN) {
		scan->state = SCAN_UNDER_WAY;
		return 0;
	}
	if (known && scan->state == SCAN_UNDER_WAY)
		settle_scan(scan, now, 0, 0);
	/* A poller is told of a change, and its file keeps which; the next scan finds no newer one. */
	scan->polled = known && event != scan->event && (ms_u32)event == (ms_u32)MEMBER(file, poll_event);
	scan->owner = file_number(number);
	scan->file = number;
	identify(&scan->who.actor);
	scan->who.mnt_ns = namespace_number(MEMBER(mounts, ns));
	scan->begun = now;
	scan->event = event;
	scan->buffer = reader_buffer();
	scan->pages = 0;
	scan->bytes = 0;
	scan->hold_ns = 0;
	scan->state = SCAN_UNDER_WAY;
	return 0;
}

/* At the end of a page that was held for so long; `ended`: no line follows. */
static __always_inline int scan_goes_on(struct seq_file *file, ms_u32 table, ms_u64 now, ms_u64 hold, int ended)
{
	struct scan *scan = scan_of_file(number_of(file));
	ms_u64 count = MEMBER(file, count);
	int overflows = count == MEMBER(file, size);

	if (!scan)
		return scan_lost();
	scan->who.actor.series = table;
	scan->pages++;
	scan->hold_ns += hold;
	if (overflows) {
		if (scan->state == SCAN_UNDER_WAY)
			scan->state = SCAN_AGAIN;
		return 0;
	}
	scan->bytes += count;
	if (scan->state == SCAN_AGAIN)
		scan->state = SCAN_UNDER_WAY;
	/* Behind the end a reader asks once more, to be told that there is nothing: a page of the scan that is over. */
	if (ended)
		settle_scan(scan, now, scan->state == SCAN_UNDER_WAY, mounts_in(MEMBER(file, private)));
	return 0;
}

/* When the file is closed. */
static __always_inline int table_closed(struct file *file)
{
	struct scan *scan = scan_of_file(number_of(MEMBER(file, private_data)));

	if (!scan)
		return 0;
	/* How long one took that was abandoned is not asked for. */
	if (scan->pages)
		settle_scan(scan, scan->begun, 0, 0);
	scan->owner = NOBODY;
	return 0;
}

#endif
