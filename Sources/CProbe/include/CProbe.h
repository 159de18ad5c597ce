/* The C shim: the only user of libbpf. Swift owns the handles it gets here and closes each of them once.
 *
 * Functions that can fail return 0 or a negative errno, and write what happened to `diagnosis`, libbpf's own
 * messages included; nothing is ever printed. */
#ifndef MOUNTSCOPE_CPROBE_H
#define MOUNTSCOPE_CPROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe_abi.h"

#define CPROBE_MESSAGE_BYTES 4096
#define CPROBE_NAME_BYTES 64

/* What went wrong: the last lines of what libbpf and the verifier said, oldest first. */
struct cprobe_diagnosis {
	char messages[CPROBE_MESSAGE_BYTES];
	char program[CPROBE_NAME_BYTES]; /* the program it was about, or empty */
};

/* A BPF object: its programs, maps and links. */
struct cprobe_object;

int cprobe_object_open(const void *image, size_t bytes, const char *name, struct cprobe_object **object,
		       struct cprobe_diagnosis *diagnosis);
/* Leaves a program out of the load. */
int cprobe_object_leave_out(struct cprobe_object *object, const char *program);
/* The read-only data, to be filled in before the load; NULL if `bytes` is not its size. */
void *cprobe_object_constants(struct cprobe_object *object, size_t bytes);
/* Holds a map's value size against the struct that both sides think it is. */
int cprobe_object_check_map(struct cprobe_object *object, const char *map, size_t value_bytes);
/* Lets a map be that of another object, which is loaded; before the load. */
int cprobe_object_share_map(struct cprobe_object *object, const char *map, const struct cprobe_object *from);
/* How many entries a map has room for; before the load. */
int cprobe_object_set_entries(struct cprobe_object *object, const char *map, uint32_t entries);
/* Tells an fentry or fexit program whose section names no function which one it is for; before the load. */
int cprobe_object_set_target(struct cprobe_object *object, const char *program, const char *function,
			     struct cprobe_diagnosis *diagnosis);
int cprobe_object_load(struct cprobe_object *object, struct cprobe_diagnosis *diagnosis);
/* Detaches everything, unloads everything, frees. */
void cprobe_object_close(struct cprobe_object *object);

/* Attaches an fentry or fexit program to the function that its section names or that was set. */
int cprobe_attach_tracing(struct cprobe_object *object, const char *program, struct cprobe_diagnosis *diagnosis);
/* Attaches a kprobe program to an instruction; `pmu_type` from /sys/bus/event_source/devices/kprobe/type.
 * A program may be attached to several. */
int cprobe_attach_kprobe(struct cprobe_object *object, const char *program, uint32_t pmu_type, uint64_t address,
			 uint64_t cookie, struct cprobe_diagnosis *diagnosis);
/* The entries of functions, by address: cheaper than kprobes, on kernels with CONFIG_FPROBE. The program must be told
 * before it is loaded, and cannot be attached to anything else then. */
int cprobe_expect_functions(struct cprobe_object *object, const char *program);
int cprobe_attach_functions(struct cprobe_object *object, const char *program, const uint64_t *addresses, size_t count,
			    struct cprobe_diagnosis *diagnosis);

/* Attaches a raw_tp program to a tracepoint, `contention_begin`. */
int cprobe_attach_raw_tracepoint(struct cprobe_object *object, const char *program, const char *tracepoint,
				 struct cprobe_diagnosis *diagnosis);
/* Runs a perf_event program `hertz` times a second on a CPU, whatever it does then. */
int cprobe_attach_timer(struct cprobe_object *object, const char *program, int cpu, uint64_t hertz,
			struct cprobe_diagnosis *diagnosis);
/* What one run of such a program costs on this CPU, its interrupt included, in nanoseconds; 0 where that
 * cannot be told. Takes some 25 ms. */
int cprobe_price_timer(struct cprobe_object *object, const char *program, uint64_t *nanoseconds);

/* Takes a program off everything it is attached to: at once for the caller, in a thread of its own for the kernel, which
 * lasts seconds for many probes. Closing the object waits for it. Where no thread or memory can be had the caller waits.
 * Returns how many places it was taken off, or -ENOENT where the object has no such program. */
int cprobe_detach(struct cprobe_object *object, const char *program);

/* Writes an element of a map that is not per-CPU; key and value as large as the map's. A queue has no key: NULL. */
int cprobe_write_element(struct cprobe_object *object, const char *map, const void *key, const void *value);
/* Takes an entry out of a hash map; -ENOENT where it has none of this key. */
int cprobe_delete_entry(struct cprobe_object *object, const char *map, const void *key);
/* Copies a per-CPU array's element: one value for each possible CPU, each rounded up to 8 bytes. */
int cprobe_read_element(struct cprobe_object *object, const char *map, uint32_t key, void *values);
/* Copies the entries of a hash map, many with one call where the kernel can (since 5.6), one after the other where it cannot.
 * While programs write, an entry may be missed or come twice. `keys` and `values` have room for `*count` entries of the map's
 * own sizes; `*count` is how many there were. -ENOSPC: there are more. */
int cprobe_read_entries(struct cprobe_object *object, const char *map, void *keys, void *values, uint32_t *count);
/* Maps an array with BPF_F_MMAPABLE into memory, read-only; it stays until the object is closed. */
const void *cprobe_map_memory(struct cprobe_object *object, const char *map, size_t bytes);
/* Runs a raw tracepoint program once with these arguments; `result` is what it returned. */
int cprobe_run(struct cprobe_object *object, const char *program, const uint64_t *arguments, uint32_t count,
	       int32_t *result);

/* A program's own account. */
struct cprobe_program_statistics {
	uint64_t recursion_misses; /* 0 where the kernel (before 5.12) does not count them: see `known` */
	bool recursion_misses_known;
	uint64_t runs;	     /* only while kernel.bpf_stats_enabled is 1 */
	uint64_t run_time_ns;
};
int cprobe_program_statistics(struct cprobe_object *object, const char *program,
			      struct cprobe_program_statistics *statistics);
/* Lets the kernel time every run of every eBPF program until the descriptor is closed; or a negative errno. */
int cprobe_enable_run_time(void);
/* Sums the hits that a program's kprobes missed; -ENODATA where the kernel (before 6.7) does not say. */
int cprobe_missed_kprobes(struct cprobe_object *object, const char *program, uint64_t *missed);

/* How many CPUs the machine can have, or a negative errno. */
int cprobe_possible_cpus(void);

/* The kernel's type information. */
struct cprobe_btf;
int cprobe_btf_load(struct cprobe_btf **btf, struct cprobe_diagnosis *diagnosis);
void cprobe_btf_free(struct cprobe_btf *btf);
/* The BTF id of a function, or a negative errno; `parameters` is how many it takes. */
int cprobe_btf_function(const struct cprobe_btf *btf, const char *name, int *parameters);
/* The value of an enumerator, or a negative errno. */
int cprobe_btf_enumerator(const struct cprobe_btf *btf, const char *enumeration, const char *name);
/* The byte offset of a member of a named struct, members of anonymous members included; or a negative errno. */
int cprobe_btf_offset(const struct cprobe_btf *btf, const char *structure, const char *member);

/* Which kinds of program the kernel takes: each loads a program that does nothing and drops it.
 * Return 0, or the negative errno of the refusal. */
int cprobe_try_tracing(int function_btf_id);
int cprobe_try_kprobe(void);
/* A kprobe program that asks for the cookie it was attached with (since 5.15). */
int cprobe_try_cookie(void);
int cprobe_try_sampling(void);

/* Makes the kernel run write sections of mount_lock that nobody can see: a detached copy of the root mount is made
 * and dropped. Returns 0 or a negative errno. */
int cprobe_touch_mount_lock(void);
/* A detached copy of the root mount, which only this process sees: a descriptor, or a negative errno. */
int cprobe_detached_mount(void);
/* Changes a flag of a detached mount back and forth, one write section a call, without an RCU grace period
 * (mount_setattr(2), since 5.12). Returns 0 or a negative errno. */
int cprobe_toggle_mount(int mount, bool set);

#endif
