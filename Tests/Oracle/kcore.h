// The kernel's memory, as /proc/kcore shows it.
#ifndef KCORE_H
#define KCORE_H

#include <stddef.h>

typedef unsigned long long u64;

// Reads all SIZE bytes from ADDRESS on, or dies.
void read_kernel(u64 address, void *buffer, size_t size);

#endif
