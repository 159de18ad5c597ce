#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "failure.h"
#include "probes.h"
#include "symbols.h"

#define MAX_EVENTS 128

__asm__(".section .rodata\n.balign 16\nimage_start:\n.incbin \"oracle.bpf.o\"\nimage_end:\n.previous\n");
extern const char image_start[], image_end[];

struct event {
    char name[64];
    char program[40];
    int descriptor;
    struct bpf_link *link;
};

static struct event events[MAX_EVENTS];
static size_t event_count;
static struct bpf_object *object;
static const char *tracefs;
static char group[32];  // of our events: one oracle may run inside another

static int write_event(const char *text)
{
    char path[128];
    int file, result = 0;

    snprintf(path, sizeof path, "%s/kprobe_events", tracefs);
    file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (file < 0 || write(file, text, strlen(text)) < 0)
        result = -errno;
    if (file >= 0)
        close(file);
    return result;
}

void withdraw_probes(void)
{
    char text[128];

    for (size_t i = 0; i < event_count; i++) {
        if (events[i].link)
            bpf_link__destroy(events[i].link);
        else if (events[i].descriptor >= 0)
            close(events[i].descriptor);
        snprintf(text, sizeof text, "-:%.31s/%.63s", group, events[i].name);
        write_event(text);
    }
    event_count = 0;
    bpf_object__close(object);
    object = NULL;
}

static struct bpf_program *program(const char *name)
{
    struct bpf_program *p = bpf_object__find_program_by_name(object, name);

    if (!p)
        die("no program %s", name);
    return p;
}

static int open_event(const char *name)
{
    struct perf_event_attr attributes = {.type = PERF_TYPE_TRACEPOINT, .size = sizeof attributes, .sample_period = 1};
    char path[192];
    FILE *file;
    int descriptor;

    snprintf(path, sizeof path, "%s/events/%s/%s/id", tracefs, group, name);
    file = fopen(path, "re");
    if (!file || fscanf(file, "%llu", (u64 *)&attributes.config) != 1)
        die("%s: %s", path, strerror(errno));
    fclose(file);
    descriptor = syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
    if (descriptor < 0)
        die("perf_event_open of %s: %s", name, strerror(errno));
    return descriptor;
}

bool takes_probe(u64 address)
{
    char text[192];

    snprintf(text, sizeof text, "p:%s/trial_%d 0x%llx", group, getpid(), address);
    if (write_event(text))
        return false;
    snprintf(text, sizeof text, "-:%s/trial_%d", group, getpid());
    write_event(text);
    return true;
}

void attach(const char *program_name, u64 address)
{
    struct event *e = &events[event_count];
    char text[192];
    int error;

    if (event_count == MAX_EVENTS)
        die("too many probes");
    snprintf(e->program, sizeof e->program, "%s", program_name);
    snprintf(e->name, sizeof e->name, "%.40s_%zu_%d", program_name, event_count, getpid());
    snprintf(text, sizeof text, "p:%s/%s 0x%llx", group, e->name, address);
    e->descriptor = -1;
    e->link = NULL;
    error = write_event(text);
    if (error)
        die("kprobe for %s in %s: %s", program_name, function_at(address), strerror(-error));
    event_count++;
    e->descriptor = open_event(e->name);
    e->link = bpf_program__attach_perf_event(program(program_name), e->descriptor);
    if (!e->link)
        die("attaching %s: %s", program_name, strerror(errno));
}

bool attach_exit(const char *program_name)
{
    struct bpf_program *p = program(program_name);

    if (!bpf_program__autoload(p))
        return false;
    if (!bpf_program__attach(p))
        die("attaching %s: %s", program_name, strerror(errno));
    return true;
}

static void find_tracefs(void)
{
    static const char *places[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};
    char path[128];

    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/kprobe_events", places[i]);
        if (!access(path, W_OK)) {
            tracefs = places[i];
            return;
        }
    }
    die("no writable kprobe_events: mount tracefs at %s", places[0]);
}

static void skip_absent_exits(void)
{
    static const char *exits[][2] = {
        {"handle_dots", "handle_dots_left"},
        {"path_lookupat", "lookupat_left"},
        {"path_openat", "openat_left"},
        {"path_parentat", "parentat_left"},
    };
    struct btf *btf = btf__load_vmlinux_btf();

    if (!btf)
        die("this kernel has no BTF");
    for (size_t i = 0; i < 4; i++)
        if (btf__find_by_name_kind(btf, exits[i][0], BTF_KIND_FUNC) < 0)
            bpf_program__set_autoload(program(exits[i][1]), false);
    btf__free(btf);
}

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
    return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

void load_programs(const struct oracle_kernel *kernel)
{
    struct bpf_map *rodata;
    int error;

    snprintf(group, sizeof group, "oracle_%d", getpid());
    find_tracefs();
    atexit(withdraw_probes);
    libbpf_set_print(quiet);
    object = bpf_object__open_mem(image_start, image_end - image_start, NULL);
    if (!object)
        die("opening the programs: %s", strerror(errno));
    rodata = bpf_object__find_map_by_name(object, ".rodata");
    if (!rodata || bpf_map__set_initial_value(rodata, kernel, sizeof *kernel))
        die("the programs' constants are not as expected");
    skip_absent_exits();
    error = bpf_object__load(object);
    if (error)
        die("loading the programs: %s", strerror(-error));
}

u64 read_counter(enum oracle_counter counter)
{
    int cpus = libbpf_num_possible_cpus(), map = bpf_object__find_map_fd_by_name(object, "counters");
    u64 sum = 0, *values = calloc(cpus, sizeof *values);

    if (!values || bpf_map_lookup_elem(map, &counter, values))
        die("reading counter %u: %s", counter, strerror(errno));
    for (int i = 0; i < cpus; i++)
        sum += values[i];
    free(values);
    return sum;
}

static u64 program_missed(const char *name)
{
    struct bpf_program *p = bpf_object__find_program_by_name(object, name);
    struct bpf_prog_info info = {};
    __u32 size = sizeof info;

    if (!p || bpf_program__fd(p) < 0 || bpf_obj_get_info_by_fd(bpf_program__fd(p), &info, &size))
        return 0;
    return info.recursion_misses;
}

// The last column of tracefs' kprobe_profile, of the events of a program.
static u64 kprobes_missed(const char *program_name)
{
    char path[128], line[256], name[128];
    u64 hits, missed, sum = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/kprobe_profile", tracefs);
    file = fopen(path, "re");
    if (!file)
        die("%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, " %127s %llu %llu", name, &hits, &missed) != 3)
            continue;
        for (size_t i = 0; i < event_count; i++)
            if (!strcmp(events[i].name, name) && !strcmp(events[i].program, program_name))
                sum += missed;
    }
    fclose(file);
    return sum;
}

void each_loss(void (*tell)(const char *program, u64 lost, void *context), void *context)
{
    struct bpf_program *p;

    bpf_object__for_each_program(p, object) {
        const char *name = bpf_program__name(p);
        tell(name, program_missed(name) + kprobes_missed(name), context);
    }
}
