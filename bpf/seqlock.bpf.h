/* mount_lock's readers: which validation failed, and what came of it. */
#ifndef MOUNTSCOPE_SEQLOCK_BPF_H
#define MOUNTSCOPE_SEQLOCK_BPF_H

#include "blame.bpf.h"
#include "task_slots.bpf.h"

/* Deep enough to see handle_dots above the deepest validation of a walk, and a little more:
 * __legitimize_mnt, __legitimize_path, legitimize_links, try_to_unlazy_next, step_into. Each frame costs the kernel some 500
 * instructions, in which a preemptible kernel may let others run, whose failures are then lost. */
#define STACK_FRAMES 8
/* A program on a function's exit sees itself, what it calls and its trampoline too. */
#define FEXIT_FRAMES (STACK_FRAMES + 3)
/* Where it looks for the walk: nearly always this near, never farther than handle_mounts, step_into, walk_component,
 * link_path_walk, path_openat. */
#define NEAR_FRAMES 9
#define FAR_FRAMES (FEXIT_FRAMES + 5)

static __always_inline struct ms_counters *my_counters(void)
{
	ms_u32 zero = 0;

	return bpf_map_lookup_elem(&counters, &zero);
}

struct ms_runs runs[MS_RUN_ROWS];

/* Counts a hit; 0. */
static __always_inline int hit(enum ms_program program)
{
	add(&runs[bpf_get_smp_processor_id() & (MS_RUN_ROWS - 1)].of[program], 1);
	return 0;
}

/* A walk tells the sequence that it began at, other readers do not. */
__noinline int blame_reader(ms_u32 suffering, int walks)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct nameidata *nd = walks ? BPF_CORE_READ(task, nameidata) : NULL;

	return nd ? blame_section(BPF_CORE_READ(nd, m_seq), suffering) : blame_latest(suffering);
}

static __always_inline int count_retry(enum ms_retry_site site)
{
	struct ms_counters *mine = my_counters();

	if (mine)
		add(&mine->read_retries[site], 1);
	if (config.who.on)
		blame_reader(MS_SUFFERED_RETRY, site == MS_RETRY_WALK || site == MS_RETRY_DOTDOT);
	return my_event(MS_ACTOR_RETRY + site);
}

static __always_inline int count_fallback(enum ms_walk walk)
{
	struct ms_counters *mine = my_counters();

	if (mine)
		add(&mine->walk_fallbacks[walk], 1);
	if (config.who.on)
		blame_reader(MS_SUFFERED_FALLBACK, 1);
	return my_event(MS_ACTOR_FALLBACK + walk);
}

static __always_inline ms_u32 mount_lock_sequence(void)
{
	ms_u32 sequence = 0;

	bpf_probe_read_kernel(&sequence, sizeof(sequence), (const void *)config.mount_lock);
	return sequence;
}

/* include/linux/err.h: a pointer that is an error's number. */
static __always_inline int is_error(long result)
{
	return (ms_u64)result >= (ms_u64)-4095;
}

/* "Do this walk again, with references": the lower half of an int or of an error pointer, which no other pointer has. */
static __always_inline int gave_up(long result)
{
	return (int)result == -ECHILD;
}

/* A walk whose sequence has moved on can never be completed in RCU mode: every way out of it validates. */
static __always_inline int sequence_moved(struct nameidata *nd)
{
	return BPF_CORE_READ(nd, m_seq) != mount_lock_sequence();
}

/* The path walk that this task is in. */
static __always_inline struct nameidata *my_walk(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, nameidata);
}

static __always_inline int walk_fell_back(struct nameidata *nd, enum ms_walk walk)
{
	return sequence_moved(nd) ? count_fallback(walk) : 0;
}

/* Also -EAGAIN, which a scoped openat2() gets instead of a second try. */
static __always_inline int dotdot_failed(struct nameidata *nd)
{
	return sequence_moved(nd) ? count_retry(MS_RETRY_DOTDOT) : 0;
}

static __always_inline int is_in(const volatile struct ms_function *function, ms_u64 address)
{
	int part;

#pragma unroll
	for (part = 0; part < MS_FUNCTION_PARTS; part++)
		if (address - function->parts[part].start <
		    function->parts[part].end - function->parts[part].start)
			return 1;
	return 0;
}

/* Whether second tries are counted where a walk gives up, and not elsewhere. */
static __always_inline int counts_walks(void)
{
	return config.walks[MS_WALK_LOOKUP].parts[0].start || config.walks[MS_WALK_OPEN].parts[0].start ||
	       config.walks[MS_WALK_PARENT].parts[0].start;
}

/* Whether an address is in a walk whose second tries are counted where it gives up; then this one is. */
static __always_inline int walk_gives_up(ms_u64 address)
{
	int walk;

#pragma unroll
	for (walk = 0; walk < MS_WALKS; walk++)
		if (is_in(&config.walks[walk], address)) {
			count_fallback(walk);
			return 1;
		}
	return 0;
}

/* Counts one; 0. */
static __always_inline int stack_missing(void)
{
	struct ms_counters *mine = my_counters();

	if (mine)
		add(&mine->stacks_missing, 1);
	return 0;
}

/* The return addresses below a program; 0 where the kernel does not tell them, which is counted. */
static __always_inline int stack_of(void *ctx, ms_u64 *frames, const int depth)
{
	/* Any bytes that the verifier does not know. Some kernels (6.16) take bpf_get_stack for a reader of its buffer:
	 * their verifier would go on believing what stood there before, and drop what looks at it as unreachable. */
	bpf_probe_read_kernel(frames, depth * sizeof(*frames), (const void *)config.mount_lock);
	return bpf_get_stack(ctx, frames, depth * sizeof(*frames), 0) >= 0 || stack_missing();
}

/* __legitimize_mnt failed. Its callers tell the site, and only a failure pays for looking at them: no state is
 * kept between calls that a lost event could leave behind.
 *  - lookup_mnt: it will loop.
 *  - handle_dots, directly or through __legitimize_path: choose_mountpoint will loop.
 *  - handle_dots further up: it will return -ECHILD, and is counted there if its returns are watched, or else here.
 *  - anything else: an RCU walk that now gives up.
 * Returns 1 where so many frames do not tell. */
static __always_inline int validation_failed(void *ctx, const int depth)
{
	ms_u64 frames[FAR_FRAMES];
	int between = 0, i;

	if (!stack_of(ctx, frames, depth))
		return 0;
	for (i = 0; i < depth; i++) {
		ms_u64 address = frames[i];

		if (!address)
			break;
		/* The program and its trampoline lie outside of the kernel's text. Kernels since 7.0 jump to the
		 * trampoline: then there is no frame of __legitimize_mnt itself. */
		if (address - config.text.start >= config.text.end - config.text.start ||
		    is_in(&config.legitimize_mnt, address) || is_in(&config.legitimize_path, address))
			continue;
		if (!between && is_in(&config.lookup_mnt, address))
			return count_retry(MS_RETRY_LOOKUP);
		if (is_in(&config.handle_dots, address) && (!between || config.dotdot == MS_DOTDOT_SITES))
			return config.dotdot == MS_DOTDOT_UNWATCHED ? 0 : count_retry(MS_RETRY_DOTDOT);
		if (is_in(&config.handle_dots, address) && config.dotdot == MS_DOTDOT_RETURNS)
			return 0;
		if (counts_walks() && walk_gives_up(address))
			return count_retry(MS_RETRY_WALK);
		between = 1;
	}
	return counts_walks() && depth < FAR_FRAMES ? 1 : count_retry(MS_RETRY_WALK);
}

/* Returns 1 where no walk is among so many frames. */
static __always_inline int walk_above_gives_up(void *ctx, const int depth)
{
	ms_u64 frames[FAR_FRAMES];
	int i;

	if (!stack_of(ctx, frames, depth))
		return 0;
	for (i = 0; i < depth && frames[i]; i++)
		if (walk_gives_up(frames[i]))
			return 0;
	return 1;
}

/* A task inside prepend_path, and the sequence that it met. */
struct path {
	ms_u32 owner;
	ms_u32 sequence;
};

TASK_TABLE(path, paths)

static __always_inline int remember_sequence(void)
{
	ms_u32 task = bpf_get_current_pid_tgid();
	struct path *path = room_for_path(task);
	struct ms_counters *mine;

	if (path) {
		path->owner = task;
		path->sequence = mount_lock_sequence();
		return 0;
	}
	mine = my_counters();
	if (mine)
		add(&mine->paths_full, 1);
	return 0;
}

static __always_inline int compare_sequence(void)
{
	struct path *path = path_of((ms_u32)bpf_get_current_pid_tgid());

	if (!path)
		return 0;
	path->owner = NOBODY;
	return path->sequence != mount_lock_sequence() ? count_retry(MS_RETRY_D_PATH) : 0;
}

#endif
