// The oracle's programs: loaded, attached through kprobe events of tracefs, and what they counted.
#ifndef PROBES_H
#define PROBES_H

#include <stdbool.h>

#include "kcore.h"
#include "oracle.h"

// Comes before all the others.
void load_programs(const struct oracle_kernel *kernel);

// Whether the kernel lets a probe be there.
bool takes_probe(u64 address);

// Runs a kprobe program at an address.
void attach(const char *program_name, u64 address);

// Runs a program at the exit of its function; says whether this kernel has that.
bool attach_exit(const char *program_name);

// A second call does nothing; die() makes the first.
void withdraw_probes(void);

// Sum of all CPUs since the programs were loaded.
u64 read_counter(enum oracle_counter counter);

// Tells of every program how often it was not run: because one ran already, or a kprobe was hit inside of another.
void each_loss(void (*tell)(const char *program, u64 lost, void *context), void *context);

#endif
