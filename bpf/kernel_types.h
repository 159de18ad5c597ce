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
};
enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
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

/* include/linux/sched.h */
struct task_struct {
	struct files_struct *files;
	void *stack;
	unsigned int flags;
	struct nameidata *nameidata;
};

/* include/linux/seq_file.h */
struct seq_file {
	struct proc_mounts *private;
};

/* fs/mount.h */
struct proc_mounts {
	void *show;
};

#pragma clang attribute pop

#endif
