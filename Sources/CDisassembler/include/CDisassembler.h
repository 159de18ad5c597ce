/* x86-64 machine code as plain data: the only user of Capstone.
 *
 * Capstone, because the failure edge of a validation, the registers of a loop and the number of jumps to a block cannot
 * be had from byte patterns: they need the boundaries of all instructions around. It decodes only the few dozen
 * functions that mention a lock, in about a millisecond. */
#ifndef MOUNTSCOPE_CDISASSEMBLER_H
#define MOUNTSCOPE_CDISASSEMBLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an instruction does. */
enum cdis_kind {
	CDIS_OTHER,
	CDIS_MOVE,
	CDIS_LEA,
	CDIS_PUSH,
	CDIS_ADD, /* also an increment: of 1 */
	CDIS_AND,
	CDIS_COMPARE,
	CDIS_TEST,
	CDIS_CALL,
	CDIS_JUMP,
	CDIS_BRANCH, /* a conditional jump */
	CDIS_RETURN, /* and whatever else control does not pass */
	CDIS_PAUSE,
	CDIS_NOP,
	CDIS_BREAKPOINT, /* also the padding between functions */
};

/* What one operand is. */
enum cdis_operand_kind {
	CDIS_NONE,
	CDIS_REGISTER,
	CDIS_IMMEDIATE, /* value: sign-extended */
	CDIS_MEMORY,    /* value: the address, where neither base nor index is a register but ip; or else the displacement */
};

#define CDIS_NO_REGISTER 255

struct cdis_operand {
	uint64_t value;
	enum cdis_operand_kind kind;
	uint8_t bytes;
	uint8_t reg;   /* 0 to 15 as in instructions; of memory: its base; CDIS_NO_REGISTER: none, or ip */
	bool absolute; /* memory at `value` */
	bool written;
};

struct cdis_instruction {
	uint64_t address;
	uint64_t target; /* of a direct call, jump or branch; else 0 */
	enum cdis_kind kind;
	uint8_t condition; /* of a branch: the low four bits of its opcode; 4 is equal, 5 not equal */
	uint8_t length;
	uint8_t operand_count;
	struct cdis_operand operands[2]; /* the destination first */
};

/* Decodes from the first byte to the last; bytes that are no instruction become a CDIS_OTHER of length 1. Returns how
 * many instructions were written, at most `capacity`, or a negative number where Capstone cannot be had. */
long cdis_decode(const uint8_t *bytes, size_t length, uint64_t address, struct cdis_instruction *into,
		 size_t capacity);

/* Finds every place whose four bytes refer to one of the targets, as a displacement from the end of the instruction
 * (followed by an immediate of 0, 1 or 4 bytes) or as a sign-extended address. Writes the places' addresses. Returns
 * how many there are, of which at most `capacity` were written. */
size_t cdis_find_references(const uint8_t *bytes, size_t length, uint64_t address, const uint64_t *targets,
			    size_t target_count, uint64_t *into, size_t capacity);

#endif
