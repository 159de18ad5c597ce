/* Who did it: the tables of actors and of scans (bpf/actors.bpf.h, bpf/scans.bpf.h). Included by probe_abi.h. */
#ifndef MOUNTSCOPE_ACTOR_ABI_H
#define MOUNTSCOPE_ACTOR_ABI_H

/* Rows of processes, of groups where those are full, names, cgroups, and scans: how many of each. */
#define MS_ACTOR_ROWS 32768
#define MS_GROUP_ROWS 8192
#define MS_ACTORS 16384
#define MS_CGROUPS 8192
#define MS_SCAN_ROWS 8192
#define MS_BLAME_ROWS 8192

/* What of the series an event counts in; the numbers of others follow each first one. */
enum ms_actor_series {
	MS_ACTOR_RETRY = 0,				       /* + enum ms_retry_site */
	MS_ACTOR_FALLBACK = MS_ACTOR_RETRY + MS_RETRY_SITES,   /* + enum ms_walk */
	MS_ACTOR_PAGE_HOLD = MS_ACTOR_FALLBACK + MS_WALKS,     /* + enum ms_table */
	MS_ACTOR_PAGE_WAIT = MS_ACTOR_PAGE_HOLD + MS_TABLES,   /* + enum ms_table: pages that waited */
	MS_ACTOR_DURATION = 16,				       /* + enum ms_site_histogram */
	MS_ACTOR_SLOT = MS_ACTOR_DURATION + 64,		       /* + a slot: acquisitions and their holds, or spins and their time */
	MS_ACTOR_UNTIMED = MS_ACTOR_SLOT + 512,		       /* + a slot: acquisitions whose hold is not known */
	MS_ACTOR_SERIES = MS_ACTOR_UNTIMED + 512,
};

/* A process in a mount namespace and a cgroup, and a series. Where the table of processes has no room: all processes of a group,
 * without start and number. A thread counts for its process. */
struct ms_actor_key {
	ms_u64 start_ns; /* since the boot, by CLOCK_BOOTTIME */
	ms_u64 cgroup;	 /* its number: the inode of its directory */
	ms_u64 mnt_ns;	 /* the namespace's own number, which no other gets; 0: a task that exits has none any more */
	ms_u32 tgid;
	ms_u32 series;	 /* enum ms_actor_series */
};

/* Events of one actor in one series; cumulative. */
struct ms_actor_row {
	ms_u64 count;
	ms_u64 sum_ns;
	ms_u64 max_ns;
	ms_u64 involuntary; /* context switches of the actor's tasks meanwhile */
	ms_u64 voluntary;
};

/* A row of a process, which programs find by its index: a hash map's own search asks for more instructions than all that is added.
 * User space puts free rows' indices into a queue. */
struct ms_kept_row {
	struct ms_actor_key key; /* all 0: free */
	struct ms_actor_row row;
};

/* Which row a CPU added to last, by the series' number modulo so many (a power of two). */
#define MS_ROW_MEMOS 64
/* How many indices one run of `free_rows_from` puts into the queues. */
#define MS_FREE_BATCH 512

/* Events for which no table had room, by series; cumulative. */
#define MS_ACTOR_ROOM 2048 /* a power of two: indices are masked */
struct ms_other_rows {
	struct ms_actor_row of[MS_ACTOR_ROOM];
};

/* What is kept of an actor from its first event on: it may be gone before anybody asks. */
#define MS_COMM_BYTES 16
struct ms_actor {
	ms_u8 comm[MS_COMM_BYTES]; /* of the process, not of the thread */
	ms_u64 seen_ns;		   /* CLOCK_MONOTONIC; 0 until all of it is written */
	ms_u32 mnt_inode;	   /* of its mount namespace, which a later one may get again */
	ms_u32 padding;
};

/* A cgroup, by its number. */
#define MS_CGROUP_BYTES 128
struct ms_cgroup {
	ms_u64 parent; /* 0: it is the root */
	ms_u64 known;  /* 1 once all of it is written */
	ms_u8 name[MS_CGROUP_BYTES];
};

/* What new entries begin as; as large as the largest of them. */
struct ms_nothing {
	ms_u8 bytes[152];
};

/* Scans of one mount table by one actor, from the first page of an open file to the last; cumulative. */
struct ms_scan_key {
	struct ms_actor_key actor; /* its series is an enum ms_table */
	ms_u64 mnt_ns;		   /* whose mounts the table shows */
};

struct ms_scan_row {
	ms_u64 complete;
	ms_u64 abandoned; /* closed or begun anew before the end */
	ms_u64 redundant; /* nothing had changed since this actor's last complete one */
	ms_u64 polled;	  /* of a file that stayed open and was told of a change before */
	ms_u64 pages;
	ms_u64 mounts;	  /* shown by the complete ones: an upper bound for readers that are chrooted */
	ms_u64 bytes;
	ms_u64 buffer;	  /* of the latest read call, bytes; 0: not known */
	ms_u64 hold_ns;
	ms_u64 hold_max_ns; /* of one scan */
	ms_u64 wall_ns;	    /* of the complete ones: from the first page to the last */
	ms_u64 wall_max_ns;
	ms_u64 event;	    /* the namespace's count of changes at the last complete one */
};

/* The same for scans: found as rows of processes are. */
struct ms_kept_scan {
	struct ms_scan_key key;
	struct ms_scan_row row;
};

/* A reader that spins, or has spun (bpf/spinlock_sites.bpf.h). User space reads what is not in its actor's row yet. */
struct ms_spinner {
	ms_u64 last; /* nanoseconds: its latest pause */
	ms_u32 owner;
	ms_u32 sequence; /* the odd value it waits on */
	ms_u32 slot;
	ms_u32 padding;
	struct ms_actor_key who; /* where actors are asked for */
	ms_u64 unsettled;	 /* nanoseconds of its turns that are not in the actor's row yet */
};
#define MS_TASK_SLOT_BITS 14
#define MS_TASK_SLOTS (1 << MS_TASK_SLOT_BITS)

/* Whoever had a lock, and the system call that made it. */
struct ms_writer {
	struct ms_actor_key who; /* all 0: nobody is known */
	ms_u32 sequence;	 /* of mount_lock before the section: even */
	ms_s32 call;		 /* the call's number; -1: of none, or of a 32-bit one */
	ms_u64 until;		 /* nanoseconds: when a lock was given back */
};

/* Writers of mount_lock by their section: so many of the latest. */
#define MS_SECTIONS 1024

/* Who had each of the locks last. */
enum ms_lock {
	MS_LOCK_MOUNT,
	MS_LOCK_NAMESPACE,
	MS_LOCKS,
};

/* What a victim suffered. */
enum ms_suffering {
	MS_SUFFERED_RETRY,
	MS_SUFFERED_FALLBACK,
	MS_SUFFERED_SPIN,
	MS_SUFFERED_LOCK_WAIT,
	MS_SUFFERED_READ_WAIT,
	MS_SUFFERED_WRITE_WAIT,
	MS_SUFFERINGS,
};

struct ms_blame_key {
	struct ms_actor_key writer; /* its series is 0; all 0: not known */
	struct ms_actor_key victim; /* its series is an enum ms_suffering */
	ms_s32 call;
	ms_u32 padding;
};

struct ms_blame_row {
	ms_u64 count;
	ms_u64 sum_ns;
};

/* Why the tables are not all of it. */
struct ms_actor_losses {
	ms_u64 scans; /* pages that belong to no scan: their table had no room */
	ms_u64 names; /* cgroups without a name, for the same reason */
	ms_u64 blame; /* events of victims that found no room */
};

/* Which of it, and how to tell who; part of each object's read-only data. */
struct ms_actor_config {
	ms_u32 on;
	ms_u32 has_casts;	/* 1: the kernel has bpf_rdonly_cast(); said where `on` is 0 too */
	ms_u32 cgroup_subsystem; /* of cgroup v1, whose group is an actor's: its index and 1; 0: cgroup v2 */
	ms_u32 scans;
	ms_u64 mount_lock;	/* address of the sequence */
	ms_u64 user_registers;	/* as in struct ms_site_config */
};

#endif
