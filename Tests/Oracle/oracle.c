// oracle [-o FILE] [--sequence | --spin-lock] COMMAND [ARGUMENT...]
//
// Counts what goes wrong at mount_lock and how often the mount tables are read while COMMAND runs, and prints
// one JSON object. An independent check of mountscope: kprobe events of tracefs behind function entries and at the
// return sites that a scan of this boot's kernel text finds. Exits with COMMAND's status; 125 where it cannot count.
//
//   -o FILE      print to FILE
//   --sequence   write sections only, from the lock's sequence: attaches nothing
//   --spin-lock  see every lock at the entries of _raw_spin_lock (PREEMPT_RT: rt_spin_lock), down_write and down_read.
//                Emulated guests now and then die of patching a function that every CPU runs, so this is not what checks
//                are made with.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "oracle.h"

#define CANNOT 125
#define MAX_EVENTS 64

typedef unsigned long long u64;

__asm__(".section .rodata\n.balign 16\nimage_start:\n.incbin \"oracle.bpf.o\"\nimage_end:\n.previous\n");
extern const char image_start[], image_end[];

static void withdraw_events(void);

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("oracle: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    withdraw_events();
    exit(CANNOT);
}

// Symbols ------------------------------------------------------------------------------------------------------------

struct symbol {
    u64 address;
    char name[64];
};

static struct symbol *symbols;
static size_t symbol_count;

static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;

    return x->address < y->address ? -1 : x->address > y->address;
}

static void read_symbols(void)
{
    FILE *file = fopen("/proc/kallsyms", "re");
    char line[512];
    size_t room = 0;

    if (!file)
        die("/proc/kallsyms: %s", strerror(errno));
    while (fgets(line, sizeof line, file)) {
        if (strchr(line, '['))
            continue;  // a module's
        if (symbol_count == room) {
            room = room ? 2 * room : 1 << 17;
            symbols = realloc(symbols, room * sizeof *symbols);
            if (!symbols)
                die("out of memory");
        }
        struct symbol *s = &symbols[symbol_count];
        if (sscanf(line, "%llx %*c %63s", &s->address, s->name) == 2 && s->address)
            symbol_count++;
    }
    fclose(file);
    if (!symbol_count)
        die("/proc/kallsyms shows no addresses");
    qsort(symbols, symbol_count, sizeof *symbols, by_address);
}

static bool find_symbol(const char *name, u64 *start, u64 *end)
{
    for (size_t i = 0; i < symbol_count; i++) {
        if (strcmp(symbols[i].name, name))
            continue;
        size_t next = i;
        while (next < symbol_count && symbols[next].address == symbols[i].address)
            next++;
        *start = symbols[i].address;
        if (end)
            *end = next < symbol_count ? symbols[next].address : ~0ULL;
        return true;
    }
    return false;
}

// Also finds a compiler's clone: handle_dots.part.0 for handle_dots.
static bool find_function(const char *name, u64 *start, u64 *end)
{
    size_t length = strlen(name);

    if (find_symbol(name, start, end))
        return true;
    for (size_t i = 0; i < symbol_count; i++) {
        const char *rest = symbols[i].name + length;
        if (strncmp(symbols[i].name, name, length) || *rest != '.' || strstr(rest, ".cold"))
            continue;
        return find_symbol(symbols[i].name, start, end);
    }
    return false;
}

static u64 need_symbol(const char *name)
{
    u64 address;

    if (!find_symbol(name, &address, NULL))
        die("this kernel's kallsyms has no %s", name);
    return address;
}

// The name of the function around an address, without a clone's suffix.
static const char *function_at(u64 address)
{
    static char name[64];
    size_t low = 0, high = symbol_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (symbols[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    snprintf(name, sizeof name, "%s", low ? symbols[low - 1].name : "");
    name[strcspn(name, ".")] = 0;
    return name;
}

// Kernel memory ------------------------------------------------------------------------------------------------------

static void read_kernel(u64 address, void *buffer, size_t size)
{
    static int core = -1;
    static Elf64_Phdr segments[256];
    static size_t segment_count;

    if (core < 0) {
        Elf64_Ehdr header;
        core = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
        if (core < 0 || pread(core, &header, sizeof header, 0) != sizeof header)
            die("/proc/kcore: %s", strerror(errno));
        segment_count = header.e_phnum < 256 ? header.e_phnum : 256;
        if (pread(core, segments, segment_count * sizeof *segments, header.e_phoff) < 0)
            die("/proc/kcore: %s", strerror(errno));
    }
    for (size_t i = 0; i < segment_count; i++) {
        const Elf64_Phdr *s = &segments[i];
        if (s->p_type != PT_LOAD || address < s->p_vaddr || address + size > s->p_vaddr + s->p_memsz)
            continue;
        for (size_t done = 0; done < size;) {
            ssize_t n = pread(core, (char *)buffer + done, size - done, s->p_offset + (address - s->p_vaddr) + done);
            if (n <= 0)
                die("/proc/kcore at %llx: %s", address, n ? strerror(errno) : "ends there");
            done += n;
        }
        return;
    }
    die("/proc/kcore has no %llx", address);
}

static unsigned sequence_now(const struct oracle_kernel *kernel)
{
    unsigned sequence;

    read_kernel(kernel->sequence, &sequence, sizeof sequence);
    return sequence;
}

static unsigned char *text;
static u64 text_start, text_end;

static void read_text(void)
{
    text_start = need_symbol("_stext");
    text_end = need_symbol("_etext");
    text = malloc(text_end - text_start);
    if (!text)
        die("out of memory");
    read_kernel(text_start, text, text_end - text_start);
}

// The return sites of all direct calls to TARGET; returns how many.
static size_t return_sites(u64 target, u64 *sites, size_t room)
{
    size_t found = 0;

    for (u64 at = text_start; at + 5 <= text_end; at++) {
        const unsigned char *code = text + (at - text_start);
        int distance;
        if (*code != 0xe8)
            continue;
        memcpy(&distance, code + 1, sizeof distance);
        if (at + 5 + distance != target)
            continue;
        if (found == room)
            die("more than %zu calls of %s", room, function_at(target));
        sites[found++] = at + 5;
    }
    return found;
}

// Attaching ----------------------------------------------------------------------------------------------------------

struct event {
    char name[64];
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

static void withdraw_events(void)
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

// Runs a kprobe program at an address, through a kprobe event of tracefs.
static void attach(const char *program_name, u64 address)
{
    struct event *e = &events[event_count];
    char text[192];
    int error;

    if (event_count == MAX_EVENTS)
        die("too many probes");
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

// Behind the instructions that every function begins with (endbr64; the five bytes that ftrace patches), so that no
// probe goes through ftrace. Registers and stack are as at the entry.
static u64 behind_entry(u64 start)
{
    unsigned char code[9];

    read_kernel(start, code, sizeof code);
    size_t skipped = memcmp(code, "\xf3\x0f\x1e\xfa", 4) ? 0 : 4;
    bool nop = !memcmp(code + skipped, "\x0f\x1f\x44\x00\x00", 5);
    bool patched = code[skipped] == 0xe8;
    return start + skipped + (nop || patched ? 5 : 0);
}

static void attach_function(const char *program_name, const char *function)
{
    u64 start;

    if (!find_function(function, &start, NULL))
        die("this kernel has no %s", function);
    attach(program_name, behind_entry(start));
}

// Is the last constant loaded as first argument (48 c7 c7 imm32) before a call this one? Other instructions may stand
// between; none before FLOOR belongs to the call.
static bool argument_is(u64 constant, u64 return_site, u64 floor)
{
    for (u64 at = return_site - 12; at >= floor && at > return_site - 128; at--) {
        const unsigned char *code = text + (at - text_start);
        int loaded;
        if (memcmp(code, "\x48\xc7\xc7", 3))
            continue;
        memcpy(&loaded, code + 3, sizeof loaded);
        return (u64)(long long)loaded == constant;
    }
    return false;
}

// PREEMPT_RT: a spinlock is taken by rt_spin_lock, and lies behind the sequence and a pointer to itself.
static bool real_time(void)
{
    u64 address;

    return find_symbol("rt_spin_lock", &address, NULL);
}

static const char *lock_function(void) { return real_time() ? "rt_spin_lock" : "_raw_spin_lock"; }

static u64 spinlock_of(u64 sequence) { return sequence + (real_time() ? 16 : 4); }

// PREEMPT_RT: a reader that met an odd sequence gives the lock back at once: behind the load of its argument, seven bytes.
static bool is_reader_wait(u64 return_site)
{
    const unsigned char *code = text + (return_site + 7 - text_start);
    int distance;

    if (!real_time() || *code != 0xe8)
        return false;
    memcpy(&distance, code + 1, sizeof distance);
    return return_site + 12 + distance == need_symbol("rt_spin_unlock");
}

// prepend_path takes two spinlocks, of rename_lock and of mount_lock. The call that is not rename_lock's is told
// by that, not by its own argument: a probe of the program under test may cover the very instruction that loads it.
static bool attach_prepend_locked(const struct oracle_kernel *kernel)
{
    static u64 sites[16384];
    u64 rename = spinlock_of(need_symbol("rename_lock")), floor = kernel->prepend_path, mount_site = 0;
    size_t n = return_sites(need_symbol(lock_function()), sites, 16384), renames = 0, others = 0;

    for (size_t i = 0; i < n; i++) {
        if (sites[i] < kernel->prepend_path || sites[i] >= kernel->prepend_path_end || is_reader_wait(sites[i]))
            continue;
        if (argument_is(rename, sites[i], floor)) {
            renames++;
        } else {
            others++;
            mount_site = sites[i];
        }
        floor = sites[i];
    }
    if (renames != 1 || others != 1)
        return false;
    attach("prepend_path_locked", mount_site);
    return true;
}

// Says whether the function exists to be called.
static bool attach_return_sites(const char *program_name, const char *function)
{
    u64 target, sites[16];
    size_t n;

    if (!find_symbol(function, &target, NULL))
        return false;
    n = return_sites(target, sites, 16);
    for (size_t i = 0; i < n; i++)
        attach(program_name, sites[i]);
    return n > 0;
}

static bool attach_exit(const char *program_name)
{
    struct bpf_program *p = program(program_name);

    if (!bpf_program__autoload(p))
        return false;
    if (!bpf_program__attach(p))
        die("attaching %s: %s", program_name, strerror(errno));
    return true;
}

static void attach_legitimize(void)
{
    u64 target = need_symbol("__legitimize_mnt"), sites[16];
    size_t n = return_sites(target, sites, 16);

    for (size_t i = 0; i < n; i++) {
        const char *caller = function_at(sites[i]);
        if (!strcmp(caller, "lookup_mnt") || !strcmp(caller, "legitimize_mnt"))
            attach("legitimized_in_lookup", sites[i]);
        else if (!strcmp(caller, "__legitimize_path"))
            attach("legitimized_in_path", sites[i]);
        else if (!strcmp(caller, "handle_dots"))
            attach("legitimized_in_dots", sites[i]);
        else
            attach("legitimized_in_walk", sites[i]);
    }
    if (!n)
        die("nothing calls __legitimize_mnt");
}

// Loading ------------------------------------------------------------------------------------------------------------

static void find_places(struct oracle_kernel *kernel)
{
    static const char *shows[OTHER_CLASS] = {"show_mountinfo", "show_vfsmnt", "show_vfsstat"};
    u64 target, sites[ORACLE_MAX_SITES];
    size_t n;

    kernel->spinlock = spinlock_of(kernel->sequence);
    kernel->semaphore = need_symbol("namespace_sem");
    if (!find_symbol("prepend_path", &kernel->prepend_path, &kernel->prepend_path_end))
        die("this kernel has no prepend_path");
    for (int i = 0; i < OTHER_CLASS; i++)
        kernel->show[i] = need_symbol(shows[i]);
    target = need_symbol("__legitimize_path");
    n = return_sites(target, sites, ORACLE_MAX_SITES);
    for (size_t i = 0; i < n; i++) {
        kernel->legitimize_path_sites[i].address = sites[i];
        kernel->legitimize_path_sites[i].in_handle_dots = !strcmp(function_at(sites[i]), "handle_dots");
    }
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

static void load(const struct oracle_kernel *kernel)
{
    struct bpf_map *rodata;
    int error;

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

// What this kernel offers a place to count at.
struct coverage {
    bool dots, locked, spin_lock, slow_lock, lookupat, openat, parentat;
};

// Spinlocks go to one of these when they are taken; to which, the kernel decides when it boots.
static bool attach_slow_paths(void)
{
    static const char *functions[] = {"native_queued_spin_lock_slowpath", "__pv_queued_spin_lock_slowpath"};
    bool any = false;
    u64 start;

    for (size_t i = 0; i < 2; i++) {
        if (!find_symbol(functions[i], &start, NULL))
            continue;
        attach("slow_lock_entered", behind_entry(start));
        any = true;
    }
    return any;
}

static struct coverage attach_all(const struct oracle_kernel *kernel, bool spin_lock)
{
    struct coverage c = {.spin_lock = spin_lock};
    u64 operations = need_symbol("mounts_op"), start, stop;

    read_kernel(operations, &start, sizeof start);
    read_kernel(operations + 8, &stop, sizeof stop);
    attach("m_start_entered", behind_entry(start));
    attach("m_stop_entered", behind_entry(stop));
    attach_function("lookup_mnt_entered", "lookup_mnt");
    attach_legitimize();
    attach_function("handle_dots_entered", "handle_dots");
    if (spin_lock) {
        attach_function("spin_lock_entered", lock_function());
        attach_function("down_write_entered", "down_write");
        attach_function("down_read_entered", "down_read");
    }
    c.slow_lock = attach_slow_paths();
    c.locked = attach_prepend_locked(kernel);
    attach_return_sites("lookupat_returned", "path_lookupat");
    attach_return_sites("openat_returned", "path_openat");
    attach_return_sites("parentat_returned", "path_parentat");
    c.dots = attach_exit("handle_dots_left");
    c.lookupat = attach_exit("lookupat_left");
    c.openat = attach_exit("openat_left");
    c.parentat = attach_exit("parentat_left");
    return c;
}

// Reading ------------------------------------------------------------------------------------------------------------

static u64 read_counter(__u32 counter)
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

// Probes go in one after the other, so what they counted before the last was in is not of one moment.
static u64 base[ORACLE_COUNTERS];

static void start_counting(void)
{
    for (__u32 i = 0; i < ORACLE_COUNTERS; i++)
        base[i] = read_counter(i);
}

static u64 counted(__u32 counter)
{
    return read_counter(counter) - base[counter];
}

static u64 programs_missed(void)
{
    struct bpf_program *p;
    u64 sum = 0;

    bpf_object__for_each_program(p, object) {
        struct bpf_prog_info info = {};
        __u32 size = sizeof info;
        if (bpf_program__fd(p) >= 0 && !bpf_obj_get_info_by_fd(bpf_program__fd(p), &info, &size))
            sum += info.recursion_misses;
    }
    return sum;
}

// The last column of tracefs' kprobe_profile, over our events whose names begin so.
static u64 kprobes_missed(const char *prefix)
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
            if (!strcmp(events[i].name, name) && !strncmp(name, prefix, strlen(prefix)))
                sum += missed;
    }
    fclose(file);
    return sum;
}

// Reporting ----------------------------------------------------------------------------------------------------------

static FILE *report;

static void number(const char *key, long long value)
{
    fprintf(report, "  \"%s\": %lld,\n", key, value);
}

// null where this kernel offers no place to count at.
static void maybe(const char *key, bool known, long long value)
{
    if (known)
        number(key, value);
    else
        fprintf(report, "  \"%s\": null,\n", key);
}

static void print_fallbacks(const char *name, bool known, __u32 place)
{
    static const struct {
        const char *suffix;
        __u32 from;
    } kinds[] = {{"returns", LOOKUPAT_ECHILD}, {"moved", LOOKUPAT_MOVED}, {"unmoved", LOOKUPAT_UNMOVED}};
    char key[64];

    for (size_t i = 0; i < 3; i++) {
        snprintf(key, sizeof key, "%s_fallbacks_%s", name, kinds[i].suffix);
        maybe(key, known, counted(kinds[i].from + place));
    }
}

static void print_holds(void)
{
    static const char *classes[ORACLE_CLASSES] = {"mountinfo", "mounts", "mountstats", "other"};
    char key[64];

    for (__u32 i = 0; i < ORACLE_CLASSES; i++) {
        snprintf(key, sizeof key, "%s_starts", classes[i]);
        number(key, counted(STARTS + i));
        snprintf(key, sizeof key, "%s_stops", classes[i]);
        number(key, counted(STOPS + i));
    }
}

static void print_counts(struct coverage known)
{
    number("lookup_retries", (long long)counted(LOOKUP_CALLS) - (long long)counted(LOOKUPS));
    number("lookup_failures", counted(LOOKUP_FAILURES));
    number("lookups", counted(LOOKUPS));
    maybe("walk_retries", known.dots, counted(WALK_FAILURES) - counted(WALK_FAILURES_BELOW_DOTS));
    number("walk_failures", counted(WALK_FAILURES));
    maybe("walk_failures_below_dots", known.dots, counted(WALK_FAILURES_BELOW_DOTS));
    maybe("dotdot_retries", known.dots, counted(DOTS_GAVE_UP) + counted(DOTS_REPEATED));
    maybe("dotdot_gave_up", known.dots, counted(DOTS_GAVE_UP));
    maybe("dotdot_gave_up_unmoved", known.dots, counted(DOTS_GAVE_UP_UNMOVED));
    number("dotdot_repeated", counted(DOTS_REPEATED));
    maybe("d_path_retries", known.locked, counted(PREPEND_LOCKED));
    maybe("d_path_spin_locks", known.spin_lock, counted(PREPEND_LOCKS));
    maybe("spin_locks", known.spin_lock, counted(LOCKS));
    maybe("slow_locks", known.slow_lock, counted(SLOW_LOCKS));
    maybe("semaphore_writes", known.spin_lock, counted(SEMAPHORE_WRITES));
    maybe("semaphore_reads", known.spin_lock, counted(SEMAPHORE_READS));
    print_fallbacks("lookup", known.lookupat, 0);
    print_fallbacks("open", known.openat, 1);
    print_fallbacks("parent", known.parentat, 2);
    print_holds();
    number("unknown_caller", counted(UNKNOWN_CALLER));
    // _raw_spin_lock is taken in interrupts too, where its probe may be missed: mount_lock never is.
    number("lost_spin_lock_kprobes", kprobes_missed("spin_lock_"));
    number("lost_kprobes", kprobes_missed("") - kprobes_missed("spin_lock_"));
    number("lost_recursion", programs_missed());
}

// Running ------------------------------------------------------------------------------------------------------------

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

struct options {
    bool sequence_only, spin_lock;
    char **command;
};

static struct options parse(char **argument)
{
    struct options o = {};

    report = stdout;
    for (; *argument && **argument == '-'; argument++) {
        if (!strcmp(*argument, "--sequence"))
            o.sequence_only = true;
        else if (!strcmp(*argument, "--spin-lock"))
            o.spin_lock = true;
        else if (!strcmp(*argument, "-o") && argument[1]) {
            report = fopen(*++argument, "we");
            if (!report)
                die("%s: %s", *argument, strerror(errno));
        } else
            break;
    }
    if (!*argument || **argument == '-') {
        fputs("usage: oracle [-o FILE] [--sequence | --spin-lock] COMMAND [ARGUMENT...]\n", stderr);
        exit(64);
    }
    o.command = argument;
    return o;
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
    if (!options.sequence_only) {
        snprintf(group, sizeof group, "oracle_%d", getpid());
        find_tracefs();
        read_text();
        find_places(&kernel);
        load(&kernel);
        known = attach_all(&kernel, options.spin_lock);
        start_counting();
    }
    before = sequence_now(&kernel);
    status = run(options.command);
    after = sequence_now(&kernel);
    uname(&host);
    fprintf(report, "{\n  \"kernel\": \"%s\",\n", host.release);
    number("write_sections", (after - before) / 2);
    if (!options.sequence_only)
        print_counts(known);
    fprintf(report, "  \"command_status\": %d\n}\n", status);
    fclose(report);
    if (!options.sequence_only) {
        withdraw_events();
        bpf_object__close(object);
    }
    return status;
}
