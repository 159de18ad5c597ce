// The oracle's kernel half. kprobes behind function entries and at *return sites* (the instruction after a call) of the
// callers, where the result is in a register and the instruction pointer says who called: no stack is unwound.
// fexit only where struct nameidata is wanted at the end of a function.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "oracle.h"

#define ECHILD 10
#define EAGAIN 11
// __legitimize_path saves at most six registers and has few locals.
#define FRAME_WORDS 16

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct nameidata {
    unsigned int m_seq;
};
struct seq_file {
    void *private;
};
struct proc_mounts {
    int (*show)(void);
};
#pragma clang attribute pop

const volatile struct oracle_kernel kernel = {};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, ORACLE_COUNTERS);
    __type(key, __u32);
    __type(value, __u64);
} counters SEC(".maps");

// Tasks with a failed __legitimize_mnt since they last entered handle_dots. An entry is made by a failure only.
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 16384);
    __type(key, __u32);
    __type(value, __u64);
} failed_since_dots SEC(".maps");

// Tasks that print a page, and since when they wait; no entry outside of m_start and m_stop.
struct page {
    __u64 class;
    __u64 began;
    __u64 asked;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, __u32);
    __type(value, struct page);
} pages SEC(".maps");

static __always_inline void count_many(__u32 counter, __u64 n)
{
    __u64 *value = bpf_map_lookup_elem(&counters, &counter);

    if (value)
        *value += n;
}

static __always_inline void count(__u32 counter)
{
    count_many(counter, 1);
}

static __always_inline __u64 word_at(__u64 address)
{
    __u64 word = 0;

    bpf_probe_read_kernel(&word, sizeof(word), (void *)address);
    return word;
}

static __always_inline int sequence_moved(struct nameidata *nd)
{
    __u32 now = 0;

    bpf_probe_read_kernel(&now, sizeof(now), (void *)kernel.sequence);
    return now != BPF_CORE_READ(nd, m_seq);
}

static __always_inline int failed(struct pt_regs *regs)
{
    return (int)regs->rax != 0;
}

static __always_inline __u32 this_task(void)
{
    return (__u32)bpf_get_current_pid_tgid();
}

// Lookups ------------------------------------------------------------------------------------------------------------

SEC("kprobe")
int lookup_mnt_entered(struct pt_regs *regs)
{
    count(LOOKUPS);
    return 0;
}

SEC("kprobe")
int legitimized_in_lookup(struct pt_regs *regs)
{
    count(LOOKUP_CALLS);
    if (failed(regs))
        count(LOOKUP_FAILURES);
    return 0;
}

// Walks --------------------------------------------------------------------------------------------------------------

static __always_inline void walk_failed(void)
{
    __u32 task = this_task();
    __u64 one = 1, *failures = bpf_map_lookup_elem(&failed_since_dots, &task);

    count(WALK_FAILURES);
    if (failures)
        *failures += 1;
    else
        bpf_map_update_elem(&failed_since_dots, &task, &one, BPF_ANY);
}

SEC("kprobe")
int legitimized_in_walk(struct pt_regs *regs)
{
    if (failed(regs))
        walk_failed();
    return 0;
}

// 1 called from handle_dots, 0 from elsewhere, -1 not a return site of a call to __legitimize_path.
static __always_inline int caller_at(__u64 address)
{
    for (int i = 0; i < ORACLE_MAX_SITES; i++)
        if (address && address == kernel.legitimize_path_sites[i].address)
            return kernel.legitimize_path_sites[i].in_handle_dots != 0;
    return -1;
}

// At the return site inside __legitimize_path its own frame is on top of the stack: saved registers, then the address
// it returns to, which is one of a few known ones.
SEC("kprobe")
int legitimized_in_path(struct pt_regs *regs)
{
    if (!failed(regs))
        return 0;
    for (int i = 0; i < FRAME_WORDS; i++) {
        int caller = caller_at(word_at(regs->rsp + i * 8));

        if (caller < 0)
            continue;
        if (caller)
            count(DOTS_REPEATED);
        else
            walk_failed();
        return 0;
    }
    count(UNKNOWN_CALLER);
    return 0;
}

// `..` ---------------------------------------------------------------------------------------------------------------

SEC("kprobe")
int legitimized_in_dots(struct pt_regs *regs)
{
    if (failed(regs))
        count(DOTS_REPEATED);
    return 0;
}

SEC("kprobe")
int handle_dots_entered(struct pt_regs *regs)
{
    __u32 task = this_task();

    if (bpf_map_lookup_elem(&failed_since_dots, &task))
        bpf_map_delete_elem(&failed_since_dots, &task);
    return 0;
}

SEC("fexit/handle_dots")
int handle_dots_left(__u64 *context)
{
    __u32 task = this_task();
    __s64 result = (__s64)context[2];
    __u64 *failures = bpf_map_lookup_elem(&failed_since_dots, &task);

    if (failures) {
        count_many(WALK_FAILURES_BELOW_DOTS, *failures);
        bpf_map_delete_elem(&failed_since_dots, &task);
    }
    if (result == -ECHILD || result == -EAGAIN)
        count(sequence_moved((struct nameidata *)context[0]) ? DOTS_GAVE_UP : DOTS_GAVE_UP_UNMOVED);
    return 0;
}

// d_path -------------------------------------------------------------------------------------------------------------

SEC("kprobe")
int prepend_path_locked(struct pt_regs *regs)
{
    count(PREPEND_LOCKED);
    return 0;
}

#include "oracle_times.bpf.h"

SEC("kprobe")
int spin_lock_entered(struct pt_regs *regs)
{
    __u64 caller;

    if (regs->rdi != kernel.spinlock)
        return 0;
    lock_taken();
    count(LOCKS);
    caller = word_at(regs->rsp);
    if (caller >= kernel.prepend_path && caller < kernel.prepend_path_end)
        count(PREPEND_LOCKS);
    return 0;
}

SEC("kprobe")
int down_write_entered(struct pt_regs *regs)
{
    if (regs->rdi == kernel.semaphore)
        count(SEMAPHORE_WRITES);
    return 0;
}

SEC("kprobe")
int down_read_entered(struct pt_regs *regs)
{
    if (regs->rdi == kernel.semaphore)
        count(SEMAPHORE_READS);
    return 0;
}

// Fallbacks ----------------------------------------------------------------------------------------------------------

static __always_inline int returned_echild(struct pt_regs *regs, __u32 counter)
{
    if ((int)regs->rax == -ECHILD)
        count(counter);
    return 0;
}

SEC("kprobe")
int lookupat_returned(struct pt_regs *regs)
{
    return returned_echild(regs, LOOKUPAT_ECHILD);
}

SEC("kprobe")
int openat_returned(struct pt_regs *regs)
{
    return returned_echild(regs, OPENAT_ECHILD);
}

SEC("kprobe")
int parentat_returned(struct pt_regs *regs)
{
    return returned_echild(regs, PARENTAT_ECHILD);
}

// All three have three arguments, struct nameidata first. The results are an int and a pointer: the low half decides.
static __always_inline int walk_left(__u64 *context, __u32 moved, __u32 unmoved)
{
    if ((int)context[3] == -ECHILD)
        count(sequence_moved((struct nameidata *)context[0]) ? moved : unmoved);
    return 0;
}

SEC("fexit/path_lookupat")
int lookupat_left(__u64 *context)
{
    return walk_left(context, LOOKUPAT_MOVED, LOOKUPAT_UNMOVED);
}

SEC("fexit/path_openat")
int openat_left(__u64 *context)
{
    return walk_left(context, OPENAT_MOVED, OPENAT_UNMOVED);
}

SEC("fexit/path_parentat")
int parentat_left(__u64 *context)
{
    return walk_left(context, PARENTAT_MOVED, PARENTAT_UNMOVED);
}

SEC("kprobe")
int slow_lock_entered(struct pt_regs *regs)
{
    if (regs->rdi == kernel.spinlock)
        count(SLOW_LOCKS);
    return 0;
}

// Mount tables -------------------------------------------------------------------------------------------------------

static __always_inline __u32 class_of(struct pt_regs *regs)
{
    struct seq_file *file = (struct seq_file *)regs->rdi;
    struct proc_mounts *mounts = BPF_CORE_READ(file, private);
    __u64 show = (__u64)BPF_CORE_READ(mounts, show);

    for (__u32 class = 0; class < OTHER_CLASS; class++)
        if (show == kernel.show[class])
            return class;
    return OTHER_CLASS;
}

SEC("kprobe")
int m_start_entered(struct pt_regs *regs)
{
    __u32 task = this_task();
    struct page page = {.began = bpf_ktime_get_ns(), .class = class_of(regs)};

    count(STARTS + page.class);
    bpf_map_update_elem(&pages, &task, &page, BPF_ANY);
    return 0;
}

SEC("kprobe")
int m_stop_entered(struct pt_regs *regs)
{
    __u32 task = this_task();

    count(STOPS + class_of(regs));
    if (bpf_map_lookup_elem(&pages, &task))
        bpf_map_delete_elem(&pages, &task);
    return 0;
}

SEC("kprobe")
int read_wait_entered(struct pt_regs *regs)
{
    __u32 task = this_task();
    struct page *page = regs->rdi == kernel.semaphore ? bpf_map_lookup_elem(&pages, &task) : 0;

    if (!page)
        return 0;
    count(TABLE_WAITS + (page->class & 3));
    page->asked = bpf_ktime_get_ns();
    return 0;
}

// At the return sites of its calls.
SEC("kprobe")
int read_wait_returned(struct pt_regs *regs)
{
    __u64 now = bpf_ktime_get_ns();
    __u32 task = this_task();
    struct page *page = bpf_map_lookup_elem(&pages, &task);

    if (!page || !page->asked)
        return 0;
    count_many(TABLE_WAIT_NANOSECONDS + (page->class & 3), now - page->asked);
    count_many(TABLE_START_NANOSECONDS + (page->class & 3), now - page->began);
    page->asked = 0;
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
