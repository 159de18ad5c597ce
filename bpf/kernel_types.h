/* The few kernel types the programs look into. Only the named members are used, and each is relocated against
 * the running kernel's BTF, so their order and the rest of each struct do not matter here. */
#ifndef MOUNTSCOPE_KERNEL_TYPES_H
#define MOUNTSCOPE_KERNEL_TYPES_H

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;

/* include/uapi/linux/bpf.h */
enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
};
enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_QUEUE = 22,
};
enum {
	BPF_F_MMAPABLE = 1 << 10,
};

/* include/uapi/asm-generic/errno-base.h */
#define E2BIG 7
#define EBADF 9
#define ECHILD 10
#define EAGAIN 11
#define ENOMEM 12
#define EFAULT 14
#define EINVAL 22

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* arch/x86/include/asm/ptrace.h */
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};

/* fs/namei.c */
struct nameidata {
	unsigned int m_seq;
};

/* include/linux/fs.h */
struct file {
	void *private_data;
};

/* include/linux/fdtable.h */
struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

/* include/linux/seqlock_types.h */
struct seqcount {
	unsigned int sequence;
};

/* include/linux/kernfs.h; since 6.15 its parent has another name */
struct kernfs_node {
	struct kernfs_node *parent;
	const char *name;
	__u64 id;
};

struct kernfs_node___renamed {
	struct kernfs_node *__parent;
};

/* include/linux/cgroup-defs.h */
struct cgroup {
	struct kernfs_node *kn;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

/* include/linux/ns_common.h */
struct ns_common {
	unsigned int inum;
};

struct ns_common___numbered {
	__u64 ns_id;
};

/* fs/mount.h; newer kernels number namespaces of all kinds alike, and count their mounts by another name */
struct mnt_namespace {
	struct ns_common ns;
	__u64 seq;
	__u64 event;
	unsigned int nr_mounts;
};

struct mnt_namespace___numbered {
	struct ns_common___numbered ns;
};

struct mnt_namespace___older {
	unsigned int mounts;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

/* include/linux/sched.h */
struct task_struct {
	struct files_struct *files;
	void *stack;
	unsigned int flags;
	struct nameidata *nameidata;
	int tgid;
	struct task_struct *group_leader;
	__u64 start_boottime;
	unsigned long nvcsw;
	unsigned long nivcsw;
	char comm[16];
	struct css_set *cgroups;
	struct nsproxy *nsproxy;
};

/* include/linux/seq_file.h */
struct seq_file {
	unsigned long size;
	unsigned long count;
	long long index;
	void *private;
	int poll_event;
};

/* fs/mount.h */
struct proc_mounts {
	struct mnt_namespace *ns;
	void *show;
};

#pragma clang attribute pop

#endif
