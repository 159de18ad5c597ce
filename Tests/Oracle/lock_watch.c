// lock_watch MEMORY MOUNT_LOCK NAMESPACE_SEM
//
// Looks at the words of two locks at random moments in the memory of a guest (MEMORY, a file that its emulator keeps it in),
// from outside: how often mount_lock's sequence is odd, its spinlock taken, namespace_sem held. It shares nothing with the
// sampler that it checks: no timer's interrupt, no eBPF, no time of the guest's CPUs. The addresses are the guest's symbols',
// in hexadecimal; its kernel has not moved itself (nokaslr) and is not PREEMPT_RT, whose words are others.
//
// Twenty times a second writes a line, all counts so far: looks; the sequence; odd, locked, readers, writer; and, of each of
// these, how many looks found what the look before had found. Goes on until it is sent SIGTERM. Exits 0 then, 2 where it
// cannot look.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "failure.h"

typedef unsigned long long u64;

const int cannot = 2;

// arch/x86/include/asm/page_64_types.h: where the kernel's image is mapped, from physical address 0 on.
#define START_KERNEL_MAP 0xffffffff80000000ULL
#define LINE_NS 50000000ULL
// Between two looks; on the average some 3,000 a second.
#define LEAST_PAUSE_NS 20000
#define PAUSE_NS 600000

static volatile sig_atomic_t over;

static void stop(int signal)
{
    (void)signal;
    over = 1;
}

enum { ODD, LOCKED, READERS, WRITER, FINDINGS };

struct counts {
    u64 looks, found[FINDINGS], again[FINDINGS];
    int last[FINDINGS];
};

// The sequence is the low half of the first word, the spinlock the high one; a spinlock's lowest byte is its holder's
// (include/asm-generic/qspinlock_types.h). Of the semaphore bit 0 is the writer's, and readers count from bit 8 on.
static void look(struct counts *counts, u64 lock, u64 semaphore)
{
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

static void print(const struct counts *counts, u64 lock)
{
    printf("%llu %u", counts->looks, (unsigned)lock);
    for (int i = 0; i < FINDINGS; i++)
        printf(" %llu", counts->found[i]);
    for (int i = 0; i < FINDINGS; i++)
        printf(" %llu", counts->again[i]);
    putchar('\n');
    if (fflush(stdout) != 0)
        die("standard output: %s", strerror(errno));
}

static u64 now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void pause_at_random(void)
{
    // Marsaglia's xorshift: a pause that no period of a kernel's keeps step with.
    static u64 random = 88172645463325252ULL;
    struct timespec pause = { 0 };

    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    pause.tv_nsec = LEAST_PAUSE_NS + random % PAUSE_NS;
    nanosleep(&pause, NULL);
}

static void watch(const volatile u64 *lock, const volatile u64 *semaphore)
{
    struct counts counts = { 0 };
    u64 line = now();

    while (!over) {
        u64 word = *lock;

        look(&counts, word, *semaphore);
        if (now() >= line) {
            print(&counts, word);
            line = now() + LINE_NS;
        }
        pause_at_random();
    }
}

static const volatile u64 *word_at(const char *memory, u64 size, const char *address)
{
    char *end;
    u64 at = strtoull(address, &end, 16) - START_KERNEL_MAP;

    if (*end || at % sizeof(u64) || at > size - sizeof(u64))
        die("%s: no address of a word in the image of the kernel", address);
    return (const volatile u64 *)(memory + at);
}

int main(int count, char **arguments)
{
    // Woken when its time has come, whoever runs then: the guest's CPUs must not choose the moments.
    struct sched_param first = { .sched_priority = 1 };
    struct stat status;
    char *memory;
    int file;

    if (count != 4)
        die("usage: lock_watch MEMORY MOUNT_LOCK NAMESPACE_SEM");
    file = open(arguments[1], O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) < 0)
        die("%s: %s", arguments[1], strerror(errno));
    memory = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED)
        die("%s: %s", arguments[1], strerror(errno));
    if (sched_setscheduler(0, SCHED_FIFO, &first) < 0 || prctl(PR_SET_TIMERSLACK, 1) < 0)
        die("the scheduler: %s", strerror(errno));
    signal(SIGTERM, stop);
    watch(word_at(memory, status.st_size, arguments[2]), word_at(memory, status.st_size, arguments[3]));
    return 0;
}
