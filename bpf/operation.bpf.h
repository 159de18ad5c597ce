/* What a task was asked to do when it takes namespace_sem: the system call it is in. */
#ifndef MOUNTSCOPE_OPERATION_BPF_H
#define MOUNTSCOPE_OPERATION_BPF_H

#include "system_calls.bpf.h"

static __always_inline long system_call(struct task_struct *task)
{
	struct pt_regs *regs = BPF_CORE_READ(task, stack) + config.user_registers;

	if (!config.user_registers || (BPF_CORE_READ(regs, cs) & 0xffff) == USER32_CS)
		return -1;
	return BPF_CORE_READ(regs, orig_ax);
}

/* The first argument of the call that a task is in. */
static __always_inline ms_u64 system_call_argument(struct task_struct *task)
{
	struct pt_regs *regs = BPF_CORE_READ(task, stack) + config.user_registers;

	return BPF_CORE_READ(regs, di);
}

static __always_inline enum ms_operation operation(const struct ms_site *site)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	ms_u32 flags = BPF_CORE_READ(task, flags);

	/* The expiry of automounts has a function of its own, and runs in a worker. */
	if (site->argument)
		return MS_OPERATION_EXPIRY;
	if (flags & PF_EXITING)
		return MS_OPERATION_EXIT;
	if (flags & PF_KTHREAD)
		return MS_OPERATION_OTHER;
	switch (system_call(task)) {
	case CALL_MOUNT:
	case CALL_FSMOUNT:
		return MS_OPERATION_MOUNT;
	case CALL_UMOUNT:
		return MS_OPERATION_UMOUNT;
	case CALL_MOVE_MOUNT:
		return MS_OPERATION_MOVE_MOUNT;
	case CALL_MOUNT_SETATTR:
		return MS_OPERATION_MOUNT_SETATTR;
	case CALL_OPEN_TREE:
	case CALL_OPEN_TREE_ATTR:
		return MS_OPERATION_OPEN_TREE;
	case CALL_UNSHARE:
		return MS_OPERATION_UNSHARE;
	case CALL_CLONE:
	case CALL_CLONE3:
	case CALL_FORK:
	case CALL_VFORK:
		return MS_OPERATION_CLONE;
	case CALL_PIVOT_ROOT:
		return MS_OPERATION_PIVOT_ROOT;
	case CALL_EXIT:
	case CALL_EXIT_GROUP:
		return MS_OPERATION_EXIT;
	}
	return MS_OPERATION_OTHER;
}

static __always_inline enum ms_reader reader(void)
{
	switch (system_call((struct task_struct *)bpf_get_current_task())) {
	case CALL_STATMOUNT:
		return MS_READER_STATMOUNT;
	case CALL_LISTMOUNT:
		return MS_READER_LISTMOUNT;
	}
	return MS_READER_OTHER;
}

#endif
