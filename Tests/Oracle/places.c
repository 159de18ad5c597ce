#include <stddef.h>
#include <string.h>

#include <linux/ptrace.h>
#include <asm/ptrace.h>

#include "failure.h"
#include "kernel_text.h"
#include "places.h"
#include "probes.h"
#include "symbols.h"

// No m_start is longer.
#define MOST_BYTES 512

// PREEMPT_RT: a spinlock is taken by rt_spin_lock, and lies behind the sequence and a pointer to itself.
static bool real_time(void)
{
    u64 address;

    return find_symbol("rt_spin_lock", &address, NULL);
}

static const char *lock_function(void) { return real_time() ? "rt_spin_lock" : "_raw_spin_lock"; }

static u64 spinlock_of(u64 sequence) { return sequence + (real_time() ? 16 : 4); }

// The loops of readers; none under PREEMPT_RT, where readers block.
void find_spins(struct oracle_kernel *kernel)
{
    // By the numbers that instructions have for them; the stack pointer is none of these.
    static const size_t offsets[16] = {
        offsetof(struct pt_regs, rax), offsetof(struct pt_regs, rcx), offsetof(struct pt_regs, rdx), offsetof(struct pt_regs, rbx),
        offsetof(struct pt_regs, rsp), offsetof(struct pt_regs, rbp), offsetof(struct pt_regs, rsi), offsetof(struct pt_regs, rdi),
        offsetof(struct pt_regs, r8),  offsetof(struct pt_regs, r9),  offsetof(struct pt_regs, r10), offsetof(struct pt_regs, r11),
        offsetof(struct pt_regs, r12), offsetof(struct pt_regs, r13), offsetof(struct pt_regs, r14), offsetof(struct pt_regs, r15),
    };
    u64 sites[ORACLE_MAX_SPINS];
    unsigned numbers[ORACLE_MAX_SPINS];

    kernel->spin_count = pauses(kernel->sequence, sites, numbers, ORACLE_MAX_SPINS);
    for (size_t i = 0; i < kernel->spin_count; i++) {
        u64 function = 0;
        // By its name: the cold part of a function is part of it.
        find_function(function_at(sites[i]), &function, NULL);
        kernel->spins[i] = (struct oracle_spin){sites[i], function, offsets[numbers[i]]};
    }
}

void find_places(struct oracle_kernel *kernel)
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
    // A compiler may have put it into its callers.
    n = find_symbol("__legitimize_path", &target, NULL) ? return_sites(target, sites, ORACLE_MAX_SITES) : 0;
    for (size_t i = 0; i < n; i++) {
        kernel->legitimize_path_sites[i].address = sites[i];
        kernel->legitimize_path_sites[i].in_handle_dots = !strcmp(function_at(sites[i]), "handle_dots");
    }
}

static void attach_function(const char *program_name, const char *function)
{
    u64 start;

    if (!find_function(function, &start, NULL))
        die("this kernel has no %s", function);
    attach(program_name, behind_entry(start));
}

// PREEMPT_RT: a reader that met an odd sequence gives the lock back at once: behind the load of its argument, seven bytes.
static bool is_reader_wait(u64 return_site)
{
    return real_time() && calls(return_site + 7, need_symbol("rt_spin_unlock"));
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

// Where a reader of a semaphore has to wait, and where that returns to. Where down_read jumps there (5.10), that is behind the call
// of down_read in m_start.
static bool attach_read_waits(u64 m_start)
{
    static const char *name = "rwsem_down_read_slowpath";
    static u64 sites[16384];
    u64 start;
    size_t n;

    if (!find_function(name, &start, NULL))
        return false;
    attach("read_wait_entered", behind_entry(start));
    n = return_sites(start, sites, 16384);
    for (size_t i = 0; i < n; i++)
        attach("read_wait_returned", sites[i]);
    n = return_sites(need_symbol("down_read"), sites, 16384);
    for (size_t i = 0; i < n; i++)
        if (sites[i] > m_start && sites[i] < m_start + MOST_BYTES && !strcmp(function_at(sites[i]), "m_start"))
            attach("read_wait_returned", sites[i]);
    return true;
}

// Where spinlocks are given back by a function: 5.10 does it inline, and under PREEMPT_RT holders sleep.
static bool attach_unlock(void)
{
    static u64 sites[65536];
    u64 start;
    size_t n;

    if (real_time() || !find_symbol("_raw_spin_unlock", &start, NULL))
        return false;
    // 7.3 refuses one there.
    if (!takes_probe(behind_entry(start)))
        return false;
    n = return_sites(start, sites, 65536);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(function_at(sites[i]), "namespace_unlock") && strcmp(function_at(sites[i]), "prepend_path"))
            continue;
        attach("spin_unlock_entered", behind_entry(start));
        return true;
    }
    return false;
}

struct coverage attach_all(const struct oracle_kernel *kernel, bool spin_lock)
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
        c.spin_unlock = attach_unlock();
        attach_function("down_write_entered", "down_write");
        attach_function("down_read_entered", "down_read");
    }
    for (size_t i = 0; i < kernel->spin_count; i++)
        attach("reader_pauses", kernel->spins[i].pause);
    c.spins = kernel->spin_count;
    c.read_waits = attach_read_waits(start);
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
