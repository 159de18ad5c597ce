// oracle [-o FILE] [--sequence | --spin-lock] [--spins FILE] COMMAND [ARGUMENT...]
// oracle --find-spins
//
// Counts what goes wrong at mount_lock and how often the mount tables are read while COMMAND runs, and prints
// one JSON object. An independent check of mountscope: kprobe events of tracefs behind function entries and at the
// return sites that a scan of this boot's kernel text finds. Exits with COMMAND's status; 125 where it cannot count.
//
//   -o FILE      print to FILE
//   --find-spins print the loops that wait for an even sequence, while nobody probes them: probes hide what they stand on
//   --spins FILE count in these loops
//   --sequence   write sections only, from the lock's sequence: attaches nothing
//   --spin-lock  see every lock at the entries of _raw_spin_lock (PREEMPT_RT: rt_spin_lock), down_write and down_read.
//                Emulated guests now and then die of patching a function that every CPU runs, so this is not what checks
//                are made with.
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counts.h"
#include "failure.h"
#include "kcore.h"
#include "kernel_text.h"
#include "places.h"
#include "probes.h"
#include "symbols.h"

const int cannot = 125;

static unsigned sequence_now(const struct oracle_kernel *kernel)
{
    unsigned sequence;

    read_kernel(kernel->sequence, &sequence, sizeof sequence);
    return sequence;
}

static int run(char **command)
{
    pid_t child = fork();
    int status;

    if (child < 0)
        die("fork: %s", strerror(errno));
    if (!child) {
        execvp(command[0], command);
        fprintf(stderr, "oracle: %s: %s\n", command[0], strerror(errno));
        _exit(127);
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            die("waitpid: %s", strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct options {
    bool sequence_only, spin_lock, find_spins;
    FILE *report, *spins;
    char **command;
};

static struct options parse(char **argument)
{
    struct options o = {.report = stdout};

    for (; *argument && **argument == '-'; argument++) {
        if (!strcmp(*argument, "--sequence"))
            o.sequence_only = true;
        else if (!strcmp(*argument, "--spin-lock"))
            o.spin_lock = true;
        else if (!strcmp(*argument, "--find-spins"))
            o.find_spins = true;
        else if (!strcmp(*argument, "--spins") && argument[1]) {
            o.spins = fopen(*++argument, "re");
            if (!o.spins)
                die("%s: %s", *argument, strerror(errno));
        }
        else if (!strcmp(*argument, "-o") && argument[1]) {
            o.report = fopen(*++argument, "we");
            if (!o.report)
                die("%s: %s", *argument, strerror(errno));
        } else
            break;
    }
    if (o.find_spins ? *argument != NULL : !*argument || **argument == '-') {
        fputs("usage: oracle [-o FILE] [--sequence | --spin-lock] [--spins FILE] COMMAND [ARGUMENT...]\n"
              "       oracle --find-spins\n", stderr);
        exit(64);
    }
    o.command = argument;
    return o;
}

static int print_spins(struct oracle_kernel *kernel)
{
    read_text();
    find_spins(kernel);
    for (size_t i = 0; i < kernel->spin_count; i++)
        printf("%llx %llx %llu\n", kernel->spins[i].pause, kernel->spins[i].function, kernel->spins[i].offset);
    return 0;
}

static void read_spins(FILE *file, struct oracle_kernel *kernel)
{
    struct oracle_spin spin;

    while (fscanf(file, "%llx %llx %llu", &spin.pause, &spin.function, &spin.offset) == 3) {
        if (kernel->spin_count == ORACLE_MAX_SPINS)
            die("more than %d loops", ORACLE_MAX_SPINS);
        kernel->spins[kernel->spin_count++] = spin;
    }
    fclose(file);
}

int main(int argc, char **argv)
{
    struct options options = parse(argv + (argc > 0));
    struct oracle_kernel kernel = {};
    struct coverage known = {};
    struct utsname host;
    unsigned before, after;
    int status;

    read_symbols();
    kernel.sequence = need_symbol("mount_lock");
    if (options.find_spins)
        return print_spins(&kernel);
    if (options.spins)
        read_spins(options.spins, &kernel);
    if (!options.sequence_only) {
        read_text();
        find_places(&kernel);
        load_programs(&kernel);
        known = attach_all(&kernel, options.spin_lock);
        start_counting();
    }
    before = sequence_now(&kernel);
    status = run(options.command);
    after = sequence_now(&kernel);
    uname(&host);
    fprintf(options.report, "{\n  \"kernel\": \"%s\",\n", host.release);
    number(options.report, "write_sections", (after - before) / 2);
    if (!options.sequence_only)
        print_counts(options.report, known);
    fprintf(options.report, "  \"command_status\": %d\n}\n", status);
    fclose(options.report);
    if (!options.sequence_only)
        withdraw_probes();
    return status;
}
