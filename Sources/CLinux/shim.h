#ifndef MOUNTSCOPE_CLINUX_SHIM_H
#define MOUNTSCOPE_CLINUX_SHIM_H

/* Linux headers that Swift's Glibc module leaves out. */
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

extern char **environ;

/* The process's environment; in Swift `environ` would be unchecked global state. */
static inline char *const *clinux_environment(void) { return environ; }

#endif
