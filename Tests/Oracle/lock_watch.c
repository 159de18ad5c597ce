// lock_watch CPU FILE COMMAND...
//
// Looks at the words of mount_lock and namespace_sem at random moments, through /proc/kcore, from a CPU of its own, while
// COMMAND runs on all the others: how often the sequence is odd, the spinlock taken, the semaphore held. It shares nothing
// with the sampler that it checks: no timer's interrupt, no eBPF, no holder on its CPU.
//
// Every tenth of a second adds a line to FILE, all counts so far: CLOCK_MONOTONIC in nanoseconds, looks; odd, locked, readers,
// writer; and, of each of these, how many looks found what the look before had found. Exits as COMMAND does, 2 where it cannot look. Not for PREEMPT_RT, whose words are others.
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long long u64;

#define LINE_NS 100000000ULL
// The longest pause between two looks.
#define PAUSE_NS 60000ULL

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("lock_watch: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

struct locks {
    u64 mount_lock, namespace_sem;
};

static struct locks find_locks(void)
{
    struct locks found = { 0, 0 };
    FILE *file = fopen("/proc/kallsyms", "r");
    char line[512], name[256];
    u64 address;

    if (!file)
        die("/proc/kallsyms: %s", strerror(errno));
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%llx %*c %255s", &address, name) != 2)
            continue;
        if (!strcmp(name, "rt_spin_lock"))
            die("not on PREEMPT_RT");
        if (!strcmp(name, "mount_lock"))
            found.mount_lock = address;
        if (!strcmp(name, "namespace_sem"))
            found.namespace_sem = address;
    }
    fclose(file);
    if (!found.mount_lock || !found.namespace_sem)
        die("/proc/kallsyms has no mount_lock or namespace_sem, or no addresses");
    return found;
}

// Where /proc/kcore has an address.
static off_t place_of(int core, u64 address)
{
    Elf64_Ehdr header;
    Elf64_Phdr segment;

    if (pread(core, &header, sizeof header, 0) != sizeof header)
        die("/proc/kcore: %s", strerror(errno));
    for (int i = 0; i < header.e_phnum; i++) {
        if (pread(core, &segment, sizeof segment, header.e_phoff + i * sizeof segment) != sizeof segment)
            die("/proc/kcore: %s", strerror(errno));
        if (address >= segment.p_vaddr && address < segment.p_vaddr + segment.p_memsz)
            return segment.p_offset + (address - segment.p_vaddr);
    }
    die("/proc/kcore does not have 0x%llx", address);
}

static u64 word_at(int core, off_t place)
{
    u64 word;

    if (pread(core, &word, sizeof word, place) != sizeof word)
        die("/proc/kcore: %s", strerror(errno));
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
static void look(struct counts *counts, int core, off_t mount_lock, off_t namespace_sem)
{
    u64 lock = word_at(core, mount_lock), semaphore = word_at(core, namespace_sem);

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
    struct locks locks = find_locks();
    int core = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
    struct counts counts = { 0 };
    off_t mount_lock, namespace_sem;
    u64 line = now() + LINE_NS, random = now() | 1;

    if (core < 0)
        die("/proc/kcore: %s", strerror(errno));
    mount_lock = place_of(core, locks.mount_lock);
    namespace_sem = place_of(core, locks.namespace_sem);
    while (waitpid(child, status, WNOHANG) == 0) {
        do {
            u64 until;

            look(&counts, core, mount_lock, namespace_sem);
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
