#include "counts.h"
#include "probes.h"

// Probes go in one after the other, so what they counted before the last was in is not of one moment.
static u64 base[ORACLE_COUNTERS];

void start_counting(void)
{
    for (int i = 0; i < ORACLE_COUNTERS; i++)
        base[i] = read_counter(i);
}

static u64 counted(enum oracle_counter counter)
{
    return read_counter(counter) - base[counter];
}

void number(FILE *report, const char *key, long long value)
{
    fprintf(report, "  \"%s\": %lld,\n", key, value);
}

// null where this kernel offers no place to count at.
static void maybe(FILE *report, const char *key, bool known, long long value)
{
    if (known)
        number(report, key, value);
    else
        fprintf(report, "  \"%s\": null,\n", key);
}

static void print_fallbacks(FILE *report, const char *name, bool known, int place)
{
    static const struct {
        const char *suffix;
        enum oracle_counter from;
    } kinds[] = {{"returns", LOOKUPAT_ECHILD}, {"moved", LOOKUPAT_MOVED}, {"unmoved", LOOKUPAT_UNMOVED}};
    char key[64];

    for (size_t i = 0; i < 3; i++) {
        snprintf(key, sizeof key, "%s_fallbacks_%s", name, kinds[i].suffix);
        maybe(report, key, known, counted(kinds[i].from + place));
    }
}

static const char *classes[ORACLE_CLASSES] = {"mountinfo", "mounts", "mountstats", "other"};

static void print_holds(FILE *report)
{
    char key[64];

    for (int i = 0; i < ORACLE_CLASSES; i++) {
        snprintf(key, sizeof key, "%s_starts", classes[i]);
        number(report, key, counted(STARTS + i));
        snprintf(key, sizeof key, "%s_stops", classes[i]);
        number(report, key, counted(STOPS + i));
    }
}

static void print_waits(FILE *report, bool known)
{
    char key[64];

    for (int i = 0; i < OTHER_CLASS; i++) {
        snprintf(key, sizeof key, "%s_waits", classes[i]);
        maybe(report, key, known, counted(TABLE_WAITS + i));
        snprintf(key, sizeof key, "%s_wait_ns", classes[i]);
        maybe(report, key, known, counted(TABLE_WAIT_NANOSECONDS + i));
        snprintf(key, sizeof key, "%s_wait_start_ns", classes[i]);
        maybe(report, key, known, counted(TABLE_START_NANOSECONDS + i));
    }
}

// What the program was not run for. _raw_spin_lock is taken in interrupts too, where its probe may be missed: mount_lock never is.
static void print_loss(const char *program, u64 lost, void *report)
{
    char key[64];

    snprintf(key, sizeof key, "lost_%s", program);
    number(report, key, lost);
}

void print_counts(FILE *report, struct coverage known)
{
    number(report, "lookup_retries", (long long)counted(LOOKUP_CALLS) - (long long)counted(LOOKUPS));
    number(report, "lookup_failures", counted(LOOKUP_FAILURES));
    number(report, "lookups", counted(LOOKUPS));
    maybe(report, "walk_retries", known.dots, counted(WALK_FAILURES) - counted(WALK_FAILURES_BELOW_DOTS));
    number(report, "walk_failures", counted(WALK_FAILURES));
    maybe(report, "walk_failures_below_dots", known.dots, counted(WALK_FAILURES_BELOW_DOTS));
    maybe(report, "dotdot_retries", known.dots, counted(DOTS_GAVE_UP) + counted(DOTS_REPEATED));
    maybe(report, "dotdot_gave_up", known.dots, counted(DOTS_GAVE_UP));
    maybe(report, "dotdot_gave_up_unmoved", known.dots, counted(DOTS_GAVE_UP_UNMOVED));
    number(report, "dotdot_repeated", counted(DOTS_REPEATED));
    maybe(report, "d_path_retries", known.locked, counted(PREPEND_LOCKED));
    maybe(report, "d_path_spin_locks", known.spin_lock, counted(PREPEND_LOCKS));
    maybe(report, "spin_locks", known.spin_lock, counted(LOCKS));
    maybe(report, "slow_locks", known.slow_lock, counted(SLOW_LOCKS));
    maybe(report, "semaphore_writes", known.spin_lock, counted(SEMAPHORE_WRITES));
    maybe(report, "semaphore_reads", known.spin_lock, counted(SEMAPHORE_READS));
    print_fallbacks(report, "lookup", known.lookupat, 0);
    print_fallbacks(report, "open", known.openat, 1);
    print_fallbacks(report, "parent", known.parentat, 2);
    print_holds(report);
    print_waits(report, known.read_waits);
    number(report, "times_holds", known.spin_unlock);
    maybe(report, "write_holds", known.spin_unlock, counted(WRITE_HOLDS));
    maybe(report, "write_hold_ns", known.spin_unlock, counted(WRITE_NANOSECONDS));
    maybe(report, "exclusive_holds", known.spin_unlock, counted(EXCLUSIVE_HOLDS));
    maybe(report, "excl_hold_ns", known.spin_unlock, counted(EXCLUSIVE_NANOSECONDS));
    number(report, "spin_loops", known.spins);
    maybe(report, "spins", known.spins, counted(SPINS));
    maybe(report, "spin_turns", known.spins, counted(SPIN_TURNS));
    maybe(report, "spin_ns", known.spins, counted(SPIN_NANOSECONDS));
    number(report, "unknown_caller", counted(UNKNOWN_CALLER));
    each_loss(print_loss, report);
}
