// Holds of mount_lock's spinlock, and readers that wait for an even sequence. A part of oracle.bpf.c.
#pragma once

// Holds --------------------------------------------------------------------------------------------------------------

// Of the one that has mount_lock's spinlock.
struct hold {
    __u64 since;
    __u64 sequence;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct hold);
} holds SEC(".maps");

// On one CPU nobody has to wait: who asks for the lock has it.
static __always_inline void lock_taken(void)
{
    __u32 zero = 0;
    struct hold *hold = bpf_map_lookup_elem(&holds, &zero);

    if (!hold)
        return;
    hold->sequence = (__u32)word_at(kernel.sequence);
    hold->since = bpf_ktime_get_ns();
}

SEC("kprobe")
int spin_unlock_entered(struct pt_regs *regs)
{
    __u64 now = bpf_ktime_get_ns();
    __u32 zero = 0;
    struct hold *hold = bpf_map_lookup_elem(&holds, &zero);
    int moved;

    if (regs->rdi != kernel.spinlock || !hold || !hold->since)
        return 0;
    moved = (__u32)word_at(kernel.sequence) != (__u32)hold->sequence;
    count(moved ? WRITE_HOLDS : EXCLUSIVE_HOLDS);
    count_many(moved ? WRITE_NANOSECONDS : EXCLUSIVE_NANOSECONDS, now - hold->since);
    hold->since = 0;
    return 0;
}

// Readers that wait for an even sequence -----------------------------------------------------------------------------

// What each task meets on its way; an entry is made once and written again.
struct spinner {
    __u64 function;
    __u64 last;
    __u32 value;
    __u32 unused;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, __u32);
    __type(value, struct spinner);
} spinners SEC(".maps");

static __always_inline int spun(__u64 function, __u32 value)
{
    __u32 task = this_task();
    __u64 now = bpf_ktime_get_ns();
    struct spinner begins = {.function = function, .last = now, .value = value};
    struct spinner *spinner = bpf_map_lookup_elem(&spinners, &task);

    count(SPIN_TURNS);
    if (spinner && spinner->value == value && spinner->function == function) {
        count_many(SPIN_NANOSECONDS, now - spinner->last);
        spinner->last = now;
        return 0;
    }
    count(SPINS);
    bpf_map_update_elem(&spinners, &task, &begins, BPF_ANY);
    return 0;
}

// A probe's instruction pointer is one byte behind its place.
SEC("kprobe")
int reader_pauses(struct pt_regs *regs)
{
    for (int i = 0; i < ORACLE_MAX_SPINS; i++) {
        __u32 value = 0;

        if (!kernel.spins[i].pause || regs->rip - 1 != kernel.spins[i].pause)
            continue;
        // By a helper: a program may look into its registers at fixed places only.
        bpf_probe_read_kernel(&value, sizeof(value), (void *)regs + kernel.spins[i].offset);
        return value & 1 ? spun(kernel.spins[i].function, value) : 0;
    }
    return 0;
}

