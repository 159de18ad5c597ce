/* Names, taken at an actor's first event: short-lived processes and containers are gone before user space can look. */
#ifndef MOUNTSCOPE_ACTOR_NAMES_BPF_H
#define MOUNTSCOPE_ACTOR_NAMES_BPF_H

#include "actor_tables.bpf.h"

/* Where the kernel has it (since 6.2), programs look into what a pointer leads to without a call. */
extern void *bpf_rdonly_cast(const void *object, ms_u32 type) __ksym __weak;

/* A member of a kernel's struct: a load where the kernel has the above, a call where it has not. */
#define MEMBER(pointer, member)                                                                                     \
	(config.who.has_casts ?                                                                                     \
		 ((typeof(pointer))bpf_rdonly_cast((pointer), bpf_core_type_id_kernel(typeof(*(pointer)))))->member : \
		 BPF_CORE_READ(pointer, member))

/* A cgroup and those above it, of which so many are named. */
#define NAMED_LEVELS 12

static __always_inline struct kernfs_node *parent_of(struct kernfs_node *node)
{
	struct kernfs_node___renamed *renamed = (void *)node;

	if (bpf_core_field_exists(node->parent))
		return BPF_CORE_READ(node, parent);
	return BPF_CORE_READ(renamed, __parent);
}

/* Of cgroup v1: the group in the hierarchy that tells containers apart. */
static __always_inline struct kernfs_node *legacy_node(struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup_subsys_state *state = NULL;

	bpf_probe_read_kernel(&state, sizeof(state), (void *)set + bpf_core_field_offset(struct css_set, subsys) +
			      (config.who.cgroup_subsystem - 1) * sizeof(state));
	return BPF_CORE_READ(state, cgroup, kn);
}

static __always_inline ms_u64 legacy_cgroup(struct task_struct *task)
{
	return BPF_CORE_READ(legacy_node(task), id);
}

/* Its own number, which no other namespace gets. */
static __always_inline ms_u64 namespace_number(struct mnt_namespace *namespace)
{
	struct mnt_namespace___numbered *numbered = (void *)namespace;

	if (bpf_core_field_exists(namespace->seq))
		return MEMBER(namespace, seq);
	return MEMBER(numbered, ns.ns_id);
}

static __always_inline struct ms_actor_losses *losses_of_names(void)
{
	ms_u32 zero = 0;

	return bpf_map_lookup_elem(&actor_losses, &zero);
}

/* What is in a hash map, made of zeros where it was not; NULL where there is no room. */
#define FIND_OR_MAKE(map, key)                                                             \
	({                                                                                 \
		void *found_ = bpf_map_lookup_elem(map, key), *zeros_;                     \
		ms_u32 zero_ = 0;                                                          \
                                                                                           \
		if (!found_) {                                                             \
			zeros_ = bpf_map_lookup_elem(&nothing, &zero_);                    \
			if (zeros_)                                                        \
				bpf_map_update_elem(map, key, zeros_, BPF_NOEXIST);        \
			found_ = bpf_map_lookup_elem(map, key);                            \
		}                                                                          \
		found_;                                                                    \
	})

/* Names the cgroup of this task, whose number this is, and those above it. Not static, as others that run seldom: the verifier looks
 * at it once, not at each of its calls. */
__noinline int name_cgroup(ms_u64 number)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct kernfs_node *node, *parent;
	struct ms_actor_losses *losses;
	ms_u32 level;

	if (config.who.cgroup_subsystem)
		node = legacy_node(task);
	else
		node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
	for (level = 0; level < NAMED_LEVELS; level++) {
		struct ms_cgroup *cgroup;

		if (!node || bpf_map_lookup_elem(&cgroups, &number))
			return 0;
		cgroup = FIND_OR_MAKE(&cgroups, &number);
		if (!cgroup) {
			losses = losses_of_names();
			if (losses)
				add(&losses->names, 1);
			return 0;
		}
		parent = parent_of(node);
		number = parent ? BPF_CORE_READ(parent, id) : 0;
		cgroup->parent = number;
		bpf_probe_read_kernel_str(cgroup->name, sizeof(cgroup->name), BPF_CORE_READ(node, name));
		cgroup->known = 1;
		node = parent;
	}
	return 0;
}

/* Keeps what this task is called, whose key this is. 0 where there is no room for it. */
static __noinline int introduce(struct ms_actor_key *key)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	ms_u32 series = key->series;
	struct ms_actor *actor;

	key->series = 0;
	actor = FIND_OR_MAKE(&actors, key);
	key->series = series;
	if (!actor || actor->seen_ns)
		return actor != NULL;
	actor->mnt_inode = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	BPF_CORE_READ_STR_INTO(&actor->comm, task, group_leader, comm);
	actor->seen_ns = bpf_ktime_get_ns();
	name_cgroup(key->cgroup);
	return 1;
}

#endif
