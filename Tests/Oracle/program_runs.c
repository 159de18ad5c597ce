// program_runs COMMAND...
//
// Runs COMMAND and prints what each run of each eBPF program of the kernel took meanwhile: NAME, RUNS and NANOSECONDS, separated by
// tabs. The kernel adds up times of runs while kernel.bpf_stats_enabled is 1; its sums are read every millisecond, and of the
// means of all milliseconds with runs the middle one is printed: now and then a run is interrupted, and lasts much longer. Exits as
// COMMAND does, 2 where it cannot look.
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAMS 256
#define MEANS 16384

static struct program {
    char name[BPF_OBJ_NAME_LEN];
    int descriptor;
    uint64_t first, runs, nanoseconds;
    size_t count;
    double means[MEANS];
} programs[PROGRAMS];
static size_t program_count;

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
    return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

__attribute__((noreturn)) static void die(const char *what)
{
    fprintf(stderr, "program_runs: %s: %s\n", what, strerror(errno));
    exit(2);
}

static struct bpf_prog_info ask(int descriptor)
{
    struct bpf_prog_info info = { 0 };
    union bpf_attr attributes = {
        .info = { .bpf_fd = descriptor, .info_len = sizeof(info), .info = (uintptr_t)&info },
    };

    if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes) < 0)
        die("cannot ask for a program");
    return info;
}

static void find_programs(void)
{
    union bpf_attr attributes = { 0 };

    while (program_count < PROGRAMS && bpf(BPF_PROG_GET_NEXT_ID, &attributes) == 0) {
        union bpf_attr wanted = { .prog_id = attributes.next_id };
        struct program *program = &programs[program_count];
        struct bpf_prog_info info;

        program->descriptor = bpf(BPF_PROG_GET_FD_BY_ID, &wanted);
        attributes = (union bpf_attr){ .start_id = wanted.prog_id };
        if (program->descriptor < 0)
            continue; // it ended meanwhile
        info = ask(program->descriptor);
        memcpy(program->name, info.name, sizeof(program->name));
        program->first = program->runs = info.run_cnt;
        program->nanoseconds = info.run_time_ns;
        program_count++;
    }
    if (program_count == 0)
        die("cannot find the programs");
}

static void look(struct program *program)
{
    struct bpf_prog_info info = ask(program->descriptor);

    if (info.run_cnt > program->runs && program->count < MEANS)
        program->means[program->count++] =
            (double)(info.run_time_ns - program->nanoseconds) / (info.run_cnt - program->runs);
    program->runs = info.run_cnt;
    program->nanoseconds = info.run_time_ns;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static void print(struct program *program)
{
    qsort(program->means, program->count, sizeof(*program->means), ascending);
    printf("%.*s\t%llu\t%.0f\n", (int)sizeof(program->name), program->name,
           (unsigned long long)(program->runs - program->first), program->count ? program->means[program->count / 2] : 0);
}

int main(int count, char **arguments)
{
    const struct timespec pause = { .tv_nsec = 1000000 };
    pid_t child;
    int status;

    if (count < 2) {
        fprintf(stderr, "usage: program_runs COMMAND...\n");
        return 2;
    }
    find_programs();
    child = fork();
    if (child == 0) {
        execvp(arguments[1], arguments + 1);
        die(arguments[1]);
    }
    while (waitpid(child, &status, WNOHANG) == 0) {
        for (size_t i = 0; i < program_count; i++)
            look(&programs[i]);
        nanosleep(&pause, NULL);
    }
    for (size_t i = 0; i < program_count; i++)
        print(&programs[i]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
