// The kernel's own symbols, as /proc/kallsyms shows them; those of modules are left out.
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <stdbool.h>

#include "kcore.h"

// Comes before all the others.
void read_symbols(void);

// END, where it is wanted, is where the next symbol begins.
bool find_symbol(const char *name, u64 *start, u64 *end);

// Also finds a compiler's clone: handle_dots.part.0 for handle_dots.
bool find_function(const char *name, u64 *start, u64 *end);

// Dies where there is none.
u64 need_symbol(const char *name);

// The nearest symbol at or below an address; empty where there is none.
const char *symbol_at(u64 address);

// The name of the function around an address, without a clone's suffix; good until the next call.
const char *function_at(u64 address);

#endif
