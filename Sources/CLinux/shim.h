#ifndef MOUNTSCOPE_CLINUX_SHIM_H
#define MOUNTSCOPE_CLINUX_SHIM_H

/* Linux headers that Swift's Glibc module leaves out. */
#include <linux/memfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

extern char **environ;

/* The process's environment; in Swift `environ` would be unchecked global state. */
static inline char *const *clinux_environment(void) { return environ; }

/* memfd_create(2), closed on exec; glibc declares it for _GNU_SOURCE only. */
static inline int clinux_memory_file(const char *name) { return (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC); }

#endif
