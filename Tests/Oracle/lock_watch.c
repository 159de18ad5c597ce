// lock_watch CPU FILE COMMAND...
//
// Looks at the words of mount_lock and namespace_sem at random moments, through /proc/kcore, from a CPU of its own, while
// COMMAND runs on all the others: how often the sequence is odd, the spinlock taken, the semaphore held. It shares nothing
// with the sampler that it checks: no timer's interrupt, no eBPF, no holder on its CPU.
//
// Every tenth of a second adds a line to FILE, all counts so far: CLOCK_MONOTONIC in nanoseconds, looks; odd, locked, readers,
// writer; and, of each of these, how many looks found what the look before had found. Exits as COMMAND does, 2 where it cannot look. Not for PREEMPT_RT, whose words are others.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "failure.h"
#include "kcore.h"
#include "symbols.h"

const int cannot = 2;

#define LINE_NS 100000000ULL
// The longest pause between two looks.
#define PAUSE_NS 60000ULL

static u64 word_at(u64 address)
{
    u64 word;

    read_kernel(address, &word, sizeof word);
    return word;
}

static u64 now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

enum { ODD, LOCKED, READERS, WRITER, FINDINGS };

struct counts {
    u64 looks, found[FINDINGS], again[FINDINGS];
    int last[FINDINGS];
};

// The sequence is the low half of the first word, the spinlock the high one; a spinlock's lowest byte is its holder's
// (include/asm-generic/qspinlock_types.h). Of the semaphore bit 0 is the writer's, and readers count from bit 8 on.
static void look(struct counts *counts, u64 mount_lock, u64 namespace_sem)
{
    u64 lock = word_at(mount_lock), semaphore = word_at(namespace_sem);

    int found[FINDINGS] = {
        [ODD] = lock & 1,
        [LOCKED] = (lock >> 32 & 0xff) != 0,
        [READERS] = !(semaphore & 1) && (semaphore & 0x7fffffffffffff00ULL),
        [WRITER] = semaphore & 1,
    };

    counts->looks++;
    for (int i = 0; i < FINDINGS; i++) {
        counts->found[i] += found[i];
        counts->again[i] += found[i] && counts->last[i];
        counts->last[i] = found[i];
    }
}

static void watch(pid_t child, FILE *file, int *status)
{
    struct counts counts = { 0 };
    u64 mount_lock, namespace_sem, line, random;

    read_symbols();
    if (find_symbol("rt_spin_lock", &mount_lock, NULL))
        die("not on PREEMPT_RT");
    mount_lock = need_symbol("mount_lock");
    namespace_sem = need_symbol("namespace_sem");
    line = now() + LINE_NS;
    random = now() | 1;
    while (waitpid(child, status, WNOHANG) == 0) {
        do {
            u64 until;

            look(&counts, mount_lock, namespace_sem);
            // Marsaglia's xorshift: a pause that no period of the kernel's keeps step with.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            until = now() + random % PAUSE_NS;
            while (now() < until)
                ;
        } while (now() < line);
        fprintf(file, "%llu %llu", now(), counts.looks);
        for (int i = 0; i < FINDINGS; i++)
            fprintf(file, " %llu", counts.found[i]);
        for (int i = 0; i < FINDINGS; i++)
            fprintf(file, " %llu", counts.again[i]);
        fputc('\n', file);
        line += LINE_NS;
    }
}

int main(int count, char **arguments)
{
    cpu_set_t all, mine;
    FILE *file;
    pid_t child;
    int cpu, status = 0;

    if (count < 4)
        die("usage: lock_watch CPU FILE COMMAND...");
    cpu = atoi(arguments[1]);
    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&mine);
    CPU_SET(cpu, &mine);
    CPU_CLR(cpu, &all);
    file = fopen(arguments[2], "we");
    if (!file)
        die("%s: %s", arguments[2], strerror(errno));
    child = fork();
    if (child < 0)
        die("fork: %s", strerror(errno));
    if (child == 0) {
        sched_setaffinity(0, sizeof all, &all);
        execvp(arguments[3], arguments + 3);
        die("%s: %s", arguments[3], strerror(errno));
    }
    if (sched_setaffinity(0, sizeof mine, &mine) < 0)
        die("CPU %d: %s", cpu, strerror(errno));
    watch(child, file, &status);
    fclose(file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
