// Where in this kernel the oracle counts.
#ifndef PLACES_H
#define PLACES_H

#include <stdbool.h>

#include "oracle.h"

// What this kernel offers a place to count at.
struct coverage {
    bool dots, locked, spin_lock, spin_unlock, slow_lock, lookupat, openat, parentat, read_waits;
    size_t spins;  // loops
};

// Fills in what the programs have to know.
void find_places(struct oracle_kernel *kernel);

// Adds the loops that wait for an even sequence. Of text that nobody probes: a probe may hide the load behind a pause.
void find_spins(struct oracle_kernel *kernel);

// SPIN_LOCK: also where every lock is taken.
struct coverage attach_all(const struct oracle_kernel *kernel, bool spin_lock);

#endif
