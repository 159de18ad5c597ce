#ifndef CPROBE_TIMER_H
#define CPROBE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* A software clock of a CPU that ticks `hertz` times a second: a descriptor or a negative errno. */
int open_timer(int cpu, uint64_t hertz, bool disabled);

#endif
