// What the oracle's two halves agree on. Nothing here is shared with mountscope itself: the oracle exists to
// count the same events by other means.
#pragma once

enum oracle_counter {
    // lookup_mnt: entered; __legitimize_mnt called there; and failed there.
    LOOKUPS,
    LOOKUP_CALLS,
    LOOKUP_FAILURES,
    // Failures of __legitimize_mnt elsewhere in a walk.
    WALK_FAILURES,
    // Of those, the ones below handle_dots, which its -ECHILD stands for.
    WALK_FAILURES_BELOW_DOTS,
    // Failures whose caller is handle_dots itself: `..` in a ref-walk goes round again.
    DOTS_REPEATED,
    // handle_dots gave -ECHILD or -EAGAIN, with the sequence moved or not.
    DOTS_GAVE_UP,
    DOTS_GAVE_UP_UNMOVED,
    // prepend_path took the spinlock of mount_lock: seen at the calls' return sites, and (on request) at the entry of
    // _raw_spin_lock.
    PREPEND_LOCKED,
    PREPEND_LOCKS,
    // -ECHILD of path_lookupat, path_openat, path_parentat: at the callers' return sites, and at the functions' exits
    // with the sequence moved or not.
    LOOKUPAT_ECHILD,
    OPENAT_ECHILD,
    PARENTAT_ECHILD,
    LOOKUPAT_MOVED,
    OPENAT_MOVED,
    PARENTAT_MOVED,
    LOOKUPAT_UNMOVED,
    OPENAT_UNMOVED,
    PARENTAT_UNMOVED,
    // m_start and m_stop of the mount tables; the order is that of enum oracle_class.
    STARTS,
    STOPS = STARTS + 4,
    // A failure of __legitimize_mnt below __legitimize_path whose caller was not found on the stack.
    UNKNOWN_CALLER = STOPS + 4,
    // The spinlock of mount_lock handed to _raw_spin_lock, and namespace_sem to down_write and down_read; on request.
    LOCKS,
    SEMAPHORE_WRITES,
    SEMAPHORE_READS,
    // The spinlock of mount_lock handed to the slow path of queued spinlocks.
    SLOW_LOCKS,
    // On request: from the entry of _raw_spin_lock to that of _raw_spin_unlock, with the sequence moved meanwhile or not.
    WRITE_HOLDS,
    WRITE_NANOSECONDS,
    EXCLUSIVE_HOLDS,
    EXCLUSIVE_NANOSECONDS,
    // Readers that wait for an even sequence: odd values that a task met in a function, its turns, and from the first turn of
    // each to the last.
    SPINS,
    SPIN_TURNS,
    SPIN_NANOSECONDS,
    // Between m_start and m_stop: entries of the slow path of readers of namespace_sem, the time until its return, and the time from
    // the entry of m_start until then. The order is that of enum oracle_class.
    TABLE_WAITS,
    TABLE_WAIT_NANOSECONDS = TABLE_WAITS + 4,
    TABLE_START_NANOSECONDS = TABLE_WAIT_NANOSECONDS + 4,
    ORACLE_COUNTERS = TABLE_START_NANOSECONDS + 4
};

enum oracle_class { MOUNTINFO, MOUNTS, MOUNTSTATS, OTHER_CLASS, ORACLE_CLASSES };

// Return sites of calls to __legitimize_path; more than any kernel has.
#define ORACLE_MAX_SITES 16

// Loops that wait for an even sequence; more than any kernel has.
#define ORACLE_MAX_SPINS 32

struct oracle_site {
    unsigned long long address;
    unsigned long long in_handle_dots;
};

struct oracle_spin {
    unsigned long long pause;
    unsigned long long function;  // where it begins
    unsigned long long offset;    // in struct pt_regs: of the register that the sequence is loaded into
};

// Addresses in this boot's kernel; written before the programs are loaded.
struct oracle_kernel {
    unsigned long long sequence;
    unsigned long long spinlock;
    unsigned long long semaphore;
    unsigned long long prepend_path, prepend_path_end;
    unsigned long long show[OTHER_CLASS];
    struct oracle_site legitimize_path_sites[ORACLE_MAX_SITES];
    struct oracle_spin spins[ORACLE_MAX_SPINS];
    unsigned long long spin_count;
};
