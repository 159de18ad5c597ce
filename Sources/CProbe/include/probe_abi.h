/* The structs that the BPF programs, the C shim and Swift share: plain data, fixed widths, no padding.
 *
 * The BPF side and the C side check the sizes here; the C side holds them against the maps of the compiled
 * object before it loads it; Swift holds its own view against them in tests. */
#ifndef MOUNTSCOPE_PROBE_ABI_H
#define MOUNTSCOPE_PROBE_ABI_H

#ifdef __bpf__
typedef unsigned char ms_u8;
typedef unsigned short ms_u16;
typedef unsigned int ms_u32;
typedef unsigned long long ms_u64;
typedef int ms_s32;
typedef long long ms_s64;
#else
#include <stdint.h>
typedef uint8_t ms_u8;
typedef uint16_t ms_u16;
typedef uint32_t ms_u32;
typedef uint64_t ms_u64;
typedef int32_t ms_s32;
typedef int64_t ms_s64;
#endif

/* Where a validation of mount_lock's sequence failed. */
enum ms_retry_site {
	MS_RETRY_LOOKUP, /* lookup_mnt: loops */
	MS_RETRY_WALK,   /* an RCU path walk: gives up, a fallback follows */
	MS_RETRY_DOTDOT, /* `..`: gives up or loops */
	MS_RETRY_D_PATH, /* prepend_path: second pass under the spinlock */
	MS_RETRY_SITES,
};

/* The path walk that was done again in ref-walk mode. */
enum ms_walk {
	MS_WALK_LOOKUP, /* path_lookupat */
	MS_WALK_OPEN,   /* path_openat */
	MS_WALK_PARENT, /* path_parentat */
	MS_WALKS,
};

/* Which of the three mount tables in /proc is being read. */
enum ms_table {
	MS_TABLE_MOUNTINFO,
	MS_TABLE_MOUNTS,
	MS_TABLE_MOUNTSTATS,
	MS_TABLES,
};

/* The programs of mountscope.bpf.c. */
enum ms_program {
	MS_PROGRAM_LEGITIMIZE_MNT,
	MS_PROGRAM_HANDLE_DOTS,
	MS_PROGRAM_PATH_LOOKUPAT,
	MS_PROGRAM_PATH_OPENAT,
	MS_PROGRAM_PATH_PARENTAT,
	MS_PROGRAM_PREPEND_PATH_LOCKS,
	MS_PROGRAM_PREPEND_PATH_ENTER,
	MS_PROGRAM_PREPEND_PATH_EXIT,
	MS_PROGRAM_M_START,
	MS_PROGRAM_M_START_ACQUIRED,
	MS_PROGRAM_M_STOP,
	MS_PROGRAM_LEGITIMIZE_MNT_FAILS,
	MS_PROGRAM_HANDLE_DOTS_FAILS,
	MS_PROGRAM_LOOKUP_REDONE,
	MS_PROGRAM_OPEN_REDONE,
	MS_PROGRAM_PARENT_REDONE,
	MS_PROGRAM_READ_WAITED,
	MS_PROGRAM_READ_WAITS,
	MS_PROGRAM_MOUNTS_RELEASE,
	MS_PROGRAMS,
};

/* Who did it */
#include "actor_abi.h"

/* Counts of one CPU; cumulative. */
struct ms_counters {
	ms_u64 read_retries[MS_RETRY_SITES];
	ms_u64 walk_fallbacks[MS_WALKS];
	/* Mount table pages whose start, acquisition and stop did not follow one another, by table; the last
	 * counts those whose table is not known. */
	ms_u64 unmatched[MS_TABLES + 1];
	/* Pages not timed because the table of tasks had no room, by table. */
	ms_u64 map_full[MS_TABLES];
	/* Pages whose wait or hold ran backwards or was longer than a histogram reaches, by table. */
	ms_u64 impossible[MS_TABLES];
	/* Calls of prepend_path not compared because the table of tasks had no room. */
	ms_u64 paths_full;
	/* Validations that failed and whose callers the kernel did not tell: which retry it was is not known. */
	ms_u64 stacks_missing;
};

/* Hits of each program on one CPU, to know what they cost; of m_start and m_stop none, whose pages are counted. Not in a
 * per-CPU map, which kernels before 6.10 look into by a call: CPUs that are so many apart share a row. */
#define MS_RUN_ROWS 512	   /* both are powers of two */
#define MS_PROGRAM_ROOM 32
struct ms_runs {
	ms_u64 of[MS_PROGRAM_ROOM];
};

/* Log-linear buckets, as Contention's HistogramLayout describes them. */
#define MS_SUB_BUCKET_BITS 3
#define MS_SUB_BUCKETS (1 << MS_SUB_BUCKET_BITS)
#define MS_MAXIMUM_EXPONENT 38
#define MS_BUCKETS (MS_SUB_BUCKETS * (MS_MAXIMUM_EXPONENT - MS_SUB_BUCKET_BITS + 1))

/* Durations of one CPU, nanoseconds; cumulative. */
struct ms_histogram {
	ms_u64 count;
	ms_u64 sum_ns;
	ms_u64 max_ns;
	ms_u64 buckets[MS_BUCKETS];
};

/* Pages of one mount table, on one CPU. */
struct ms_page_times {
	struct ms_histogram wait;
	struct ms_histogram hold;
};

/* Kernel text from start up to, not including, end. All zero: none. */
struct ms_range {
	ms_u64 start;
	ms_u64 end;
};

/* A function and the clones the compiler cut from it. */
#define MS_FUNCTION_PARTS 4
struct ms_function {
	struct ms_range parts[MS_FUNCTION_PARTS];
};

/* How the failures of handle_dots are watched. */
enum ms_dotdot {
	MS_DOTDOT_UNWATCHED,
	MS_DOTDOT_RETURNS, /* what it returns */
	MS_DOTDOT_SITES,   /* the instructions behind its own validations */
};

/* What the resolver found; written into the object's read-only data before it is loaded. */
struct ms_config {
	ms_u64 mount_lock;               /* address of the sequence */
	ms_u64 semaphore;                /* of namespace_sem where its waits are seen; 0: each acquisition is */
	struct ms_range text;            /* the kernel's: _stext to _etext */
	ms_u64 table_show[MS_TABLES];    /* show_mountinfo, show_vfsmnt, show_vfsstat */
	struct ms_function legitimize_mnt;
	struct ms_function legitimize_path;
	struct ms_function lookup_mnt;
	struct ms_function handle_dots;
	struct ms_function walks[MS_WALKS]; /* those whose second tries are counted where a validation has failed */
	ms_u32 dotdot;                   /* enum ms_dotdot */
	ms_u32 padding;
	/* Where m_stop finds its struct proc_mounts: a register's number in instructions, or MS_FIRST_ARGUMENT: not in one
	 * yet, the struct seq_file leads to it. */
	ms_u64 mounts_register;
	struct ms_actor_config who;
};
#define MS_FIRST_ARGUMENT 7

/* One request to read kernel memory, and its answer (kernel_reader.bpf.c). */
#define MS_WINDOW_BYTES 65536
struct ms_window {
	ms_u8 bytes[MS_WINDOW_BYTES];
};

/* Programs on single instructions (lock_sites.bpf.c) */

/* The programs. */
enum ms_site_program {
	MS_PROGRAM_LOCK_CONTENDED,
	MS_PROGRAM_WRITE_ACQUIRED,
	MS_PROGRAM_WRITE_LEFT,
	MS_PROGRAM_EXCLUSIVE_ACQUIRED,
	MS_PROGRAM_EXCLUSIVE_RELEASED,
	MS_PROGRAM_READER_PAUSED,
	MS_PROGRAM_READER_BLOCKED,
	MS_PROGRAM_READER_RESUMED,
	MS_PROGRAM_SEMAPHORE_REQUESTED,
	MS_PROGRAM_SEMAPHORE_ACQUIRED,
	MS_PROGRAM_SEMAPHORE_RELEASED,
	MS_SITE_PROGRAMS,
};

/* The programs of refused_calls.bpf.c, which count in the same place. */
enum ms_call_program {
	MS_PROGRAM_CALL_ENTERED,
	MS_PROGRAM_CALL_RETURNED,
	MS_PROGRAM_CALL_WAIT_BEGINS,
	MS_PROGRAM_CALL_WAIT_ENDS,
	MS_CALL_PROGRAMS,
};

/* What an instruction does, where its program must know. */
enum ms_site_kind {
	MS_SITE_PLAIN,
	MS_SITE_DOWN_WRITE,
	MS_SITE_DOWN_READ,
	MS_SITE_UP_WRITE,
	MS_SITE_UP_READ,
	MS_SITE_DOWNGRADE,
};

/* An instruction that a program is attached to. */
#define MS_SITES 1024
struct ms_site {
	ms_u16 kind;     /* enum ms_site_kind */
	ms_u16 slot;     /* where its events are counted: the first of its function's slots */
	ms_u16 argument; /* a pause: where in struct pt_regs the sequence is; a down_write: 1 in the expiry of mounts */
	ms_u16 known;    /* 1: where there is no site, all is 0 */
};

/* What a task holds namespace_sem for as a writer. */
enum ms_operation {
	MS_OPERATION_MOUNT, /* mount(2), fsmount(2) */
	MS_OPERATION_UMOUNT,
	MS_OPERATION_MOVE_MOUNT,
	MS_OPERATION_MOUNT_SETATTR,
	MS_OPERATION_OPEN_TREE,
	MS_OPERATION_UNSHARE,
	MS_OPERATION_CLONE,
	MS_OPERATION_PIVOT_ROOT,
	MS_OPERATION_EXIT,
	MS_OPERATION_EXPIRY,
	MS_OPERATION_OTHER,
	MS_OPERATIONS,
};

/* What a task holds it for as a reader, the mount tables of /proc left out. */
enum ms_reader {
	MS_READER_STATMOUNT,
	MS_READER_LISTMOUNT,
	MS_READER_NOTIFY, /* a writer behind its downgrade */
	MS_READER_OTHER,
	MS_READERS,
};

/* Keys of the histograms of lock_sites.bpf.c. */
enum ms_site_histogram {
	MS_SITE_WRITE_WAIT,
	MS_SITE_EXCLUSIVE_WAIT,
	MS_SITE_WRITE_HOLD,
	MS_SITE_EXCLUSIVE_HOLD,
	MS_SITE_READER_WAIT,
	MS_SITE_SEM_WRITE_WAIT,
	MS_SITE_SEM_WRITE_HOLD = MS_SITE_SEM_WRITE_WAIT + MS_OPERATIONS,
	MS_SITE_SEM_READ_WAIT = MS_SITE_SEM_WRITE_HOLD + MS_OPERATIONS,
	MS_SITE_SEM_READ_HOLD = MS_SITE_SEM_READ_WAIT + MS_READERS,
	MS_SITE_HISTOGRAMS = MS_SITE_SEM_READ_HOLD + MS_READERS,
};

/* A spin site counts in three slots. */
enum ms_spin_slot {
	MS_SPIN_EPISODES,
	MS_SPIN_ITERATIONS,
	MS_SPIN_TIME, /* nanoseconds */
	MS_SPIN_SLOTS,
};

/* Why an event at an instruction was not measured. */
enum ms_site_loss {
	MS_SITE_LOCK_UNMATCHED,
	MS_SITE_SEMAPHORE_UNMATCHED,
	MS_SITE_SPINNERS_FULL,
	MS_SITE_TURNS_FULL,
	/* Durations that ran backwards or were longer than a histogram reaches. */
	MS_SITE_LOCK_IMPOSSIBLE,
	MS_SITE_SEMAPHORE_IMPOSSIBLE,
	MS_SITE_SPIN_IMPOSSIBLE, /* one turn of a loop */
	MS_SITE_LOSSES,
};

/* Counts of one CPU; cumulative. Both sizes are powers of two: indices are masked. */
#define MS_SITE_SLOTS 512
#define MS_SITE_HISTOGRAM_ROOM 64
struct ms_site_counts {
	ms_u64 counts[MS_SITE_SLOTS];
	ms_u64 recorded[MS_SITE_HISTOGRAM_ROOM]; /* durations in each histogram */
	ms_u64 lost[MS_SITE_LOSSES];
	ms_u64 hits[MS_SITE_PROGRAMS];
	ms_u64 call_hits[MS_CALL_PROGRAMS];
};

/* Written into the object's read-only data before it is loaded. */
struct ms_site_config {
	ms_u64 mount_lock;     /* address of the sequence */
	ms_u64 spinlock;       /* address of mount_lock's spinlock */
	ms_u64 user_registers; /* bytes from a task's stack to the registers of its system call; 0: unknown */
	ms_u64 has_cookies;    /* 1: each probe's cookie is its struct ms_site; 0: the map of sites is asked */
	struct ms_actor_config who;
};

/* Of one call, or of one slow path (refused_calls.bpf.c). */
struct ms_call_config {
	ms_u64 semaphore; /* address of namespace_sem */
	ms_u32 kind;	  /* how it is taken: MS_SITE_DOWN_WRITE or MS_SITE_DOWN_READ */
	ms_u32 class;	  /* of a call: enum ms_operation or enum ms_reader */
	struct ms_actor_config who;
};

/* The sampler (timer_sampler.bpf.c) */
#include "sampler_abi.h"

/* Waits by tracepoints (contention.bpf.c) */
#include "contention_abi.h"

#define MS_CHECK_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type " changed its layout")
MS_CHECK_SIZE(struct ms_counters, 19 * 8);
MS_CHECK_SIZE(struct ms_runs, 256);
_Static_assert(MS_PROGRAMS <= MS_PROGRAM_ROOM, "no room for every program");
MS_CHECK_SIZE(struct ms_histogram, (3 + 288) * 8);
MS_CHECK_SIZE(struct ms_page_times, 2 * (3 + 288) * 8);
MS_CHECK_SIZE(struct ms_function, 4 * 16);
MS_CHECK_SIZE(struct ms_config, 7 * 8 + (4 + 3) * 64 + 16 + 32);
MS_CHECK_SIZE(struct ms_window, 65536);
MS_CHECK_SIZE(struct ms_site, 8);
MS_CHECK_SIZE(struct ms_site_counts, (512 + 64 + 7 + 11 + 4) * 8);
MS_CHECK_SIZE(struct ms_site_config, 32 + 32);
MS_CHECK_SIZE(struct ms_call_config, 16 + 32);
MS_CHECK_SIZE(struct ms_actor_key, 32);
MS_CHECK_SIZE(struct ms_actor_row, 40);
MS_CHECK_SIZE(struct ms_kept_row, 72);
MS_CHECK_SIZE(struct ms_actor, 32);
MS_CHECK_SIZE(struct ms_spinner, 64);
MS_CHECK_SIZE(struct ms_cgroup, 144);
MS_CHECK_SIZE(struct ms_scan_key, 40);
MS_CHECK_SIZE(struct ms_scan_row, 13 * 8);
MS_CHECK_SIZE(struct ms_kept_scan, 40 + 13 * 8);
MS_CHECK_SIZE(struct ms_actor_config, 32);
MS_CHECK_SIZE(struct ms_writer, 48);
MS_CHECK_SIZE(struct ms_blame_key, 72);
_Static_assert(MS_ACTOR_PAGE_WAIT + MS_TABLES <= MS_ACTOR_DURATION, "no room for every table");
_Static_assert(MS_ACTOR_SERIES <= MS_ACTOR_ROOM, "no room for every series");
_Static_assert(MS_SITE_HISTOGRAMS <= 64, "no room for every duration");
MS_CHECK_SIZE(struct ms_contention_counts, (32 + 6 + 2) * 8);
MS_CHECK_SIZE(struct ms_contention_config, 7 * 8);
_Static_assert(MS_CONTENDED_HISTOGRAMS <= MS_CONTENDED_ROOM, "no room for every histogram");
MS_CHECK_SIZE(struct ms_samples, (3 + 2 * 64) * 8);
MS_CHECK_SIZE(struct ms_sampler_config, (4 + 2 + 4 * 2 + 4 * 2 + 32 * 3 + 2 + 1) * 8);

#endif
