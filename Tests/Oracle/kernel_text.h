// The instructions of this boot's kernel.
#ifndef KERNEL_TEXT_H
#define KERNEL_TEXT_H

#include <stdbool.h>

#include "kcore.h"

// Comes after read_symbols and before all the others.
void read_text(void);

// Is the instruction there a direct call to TARGET?
bool calls(u64 at, u64 target);

// The return sites of all direct calls to TARGET; returns how many.
size_t return_sites(u64 target, u64 *sites, size_t room);

// Is the last constant loaded as first argument (48 c7 c7 imm32) before a call this one? Other instructions may stand
// between; none before FLOOR belongs to the call.
bool argument_is(u64 constant, u64 return_site, u64 floor);

// Does the code AT, jumps followed, load WORD? NUMBER is that of the register it is loaded into.
bool reloads(u64 at, u64 word, unsigned *number);

// The pause instructions behind which WORD is loaded again, and into which registers; returns how many.
size_t pauses(u64 word, u64 *sites, unsigned *numbers, size_t room);

// Behind the instructions that every function begins with (endbr64; the five bytes that ftrace patches), so that no
// probe goes through ftrace. Registers and stack are as at the entry.
u64 behind_entry(u64 start);

#endif
