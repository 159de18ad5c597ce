/* The system calls that programs tell apart, and how they find them. */
#ifndef MOUNTSCOPE_SYSTEM_CALLS_BPF_H
#define MOUNTSCOPE_SYSTEM_CALLS_BPF_H

/* arch/x86/entry/syscalls/syscall_64.tbl: the numbers never change. */
enum system_call {
	CALL_READ = 0,
	CALL_PREAD = 17,
	CALL_READV = 19,
	CALL_CLONE = 56,
	CALL_FORK = 57,
	CALL_VFORK = 58,
	CALL_EXIT = 60,
	CALL_PIVOT_ROOT = 155,
	CALL_MOUNT = 165,
	CALL_UMOUNT = 166,
	CALL_EXIT_GROUP = 231,
	CALL_UNSHARE = 272,
	CALL_SETNS = 308,
	CALL_OPEN_TREE = 428,
	CALL_MOVE_MOUNT = 429,
	CALL_FSMOUNT = 432,
	CALL_CLONE3 = 435,
	CALL_MOUNT_SETATTR = 442,
	CALL_STATMOUNT = 457,
	CALL_LISTMOUNT = 458,
	CALL_OPEN_TREE_ATTR = 467,
};

/* include/linux/sched.h */
#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000

/* arch/x86/include/asm/segment.h: the code segment of 32-bit programs, whose calls have other numbers. */
#define USER32_CS 0x23

#endif
