/* Parts of the eBPF programs, compiled for the host: what the tests hold Swift's side against, and what needs no kernel. */
#ifndef PROGRAMS_FIXTURE_H
#define PROGRAMS_FIXTURE_H

#include "probe_abi.h"

/* bpf/histogram.bpf.h */
ms_u32 fixture_bucket_of(ms_u64 ns);
void fixture_record(struct ms_histogram *histogram, ms_u64 ns);
int fixture_is_impossible(ms_u64 ns);

/* bpf/task_slots.bpf.h: a table of tasks. Elements are numbers below fixture_task_slots(), or -1 where there is none. */
ms_u32 fixture_task_slots(void);
ms_u32 fixture_task_ways(void);
/* Where a task lies if it is the way-th try. */
int fixture_task_slot(ms_u32 task, ms_u32 way);
void fixture_clear_tasks(void);
/* Gives an element to a task; 0 frees it. */
void fixture_set_owner(int slot, ms_u32 owner);
int fixture_slot_of(ms_u32 task);
int fixture_room_for(ms_u32 task);

/* bpf/mount_table.bpf.h: one page of mountinfo. `begin` forgets everything; a semaphore of 0: acquisitions are seen, not waits. */
enum fixture_page_step {
	FIXTURE_PAGE_REQUESTED,
	FIXTURE_PAGE_WAITS,
	FIXTURE_PAGE_WAITED,
	FIXTURE_PAGE_ACQUIRED,
	FIXTURE_PAGE_RELEASED,
};
void fixture_page_begin(ms_u32 owner, ms_u64 semaphore);
void fixture_page_step(enum fixture_page_step step, ms_u64 at, ms_u64 semaphore);
struct ms_page_times fixture_page_times(void);
ms_u64 fixture_page_unmatched(void);

/* bpf/scans.bpf.h and bpf/actors.bpf.h: pages of three open files of mountinfo, by tasks of one cgroup (3, in 2, in 1) and mount
 * namespace (7). `begin` forgets everything; its room is that of each hash map, 0: plenty. */
void fixture_scans_begin(ms_u32 room);
/* Something is mounted. */
void fixture_scans_change(void);
/* A reader is told of changes. */
void fixture_scans_poll(int file);
void fixture_scans_page(ms_u32 task, int file, ms_u64 at, ms_u64 line, ms_u64 hold, ms_u64 bytes, int ended);
void fixture_scans_close(int file);
struct ms_scan_row fixture_scans_of(ms_u32 task);
ms_u64 fixture_scans_lost(void);
struct ms_actor_row fixture_actor_row(ms_u32 task, ms_u32 series);
struct ms_actor_row fixture_group_row(ms_u32 series);
struct ms_actor_row fixture_other_row(ms_u32 series);
/* 0 where it has none. */
int fixture_cgroup_name(ms_u64 number, char *name, ms_u64 *parent);

/* The macros, as values that Swift can see. */
ms_u32 fixture_sub_bucket_bits(void);
ms_u32 fixture_maximum_exponent(void);
ms_u32 fixture_buckets(void);
ms_u32 fixture_function_parts(void);
ms_u32 fixture_window_bytes(void);

#endif
