/* Capstone's instructions as plain data. */
#include <capstone/capstone.h>
#include <pthread.h>

#include "CDisassembler.h"

/* Numbered as in instructions; every width of a register is the same one. */
static uint8_t register_number(x86_reg reg)
{
	static const x86_reg families[16][4] = {
		{ X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL },
		{ X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL },
		{ X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL },
		{ X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL },
		{ X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL },
		{ X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL },
		{ X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL },
		{ X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL },
		{ X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B },
		{ X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B },
		{ X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B },
		{ X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B },
		{ X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B },
		{ X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B },
		{ X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B },
		{ X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B },
	};

	for (uint8_t number = 0; number < 16; number++)
		for (int width = 0; width < 4; width++)
			if (families[number][width] == reg)
				return number;
	return CDIS_NO_REGISTER;
}

static struct cdis_operand operand(const cs_insn *instruction, const cs_x86_op *from)
{
	struct cdis_operand operand = {
		.bytes = from->size,
		.reg = CDIS_NO_REGISTER,
		.written = (from->access & CS_AC_WRITE) && instruction->id != X86_INS_CMP &&
			   instruction->id != X86_INS_TEST,
	};

	switch (from->type) {
	case X86_OP_REG:
		operand.kind = CDIS_REGISTER;
		operand.reg = register_number(from->reg);
		break;
	case X86_OP_IMM:
		operand.kind = CDIS_IMMEDIATE;
		operand.value = (uint64_t)from->imm;
		break;
	case X86_OP_MEM:
		operand.kind = CDIS_MEMORY;
		operand.value = (uint64_t)from->mem.disp;
		if (from->mem.segment != X86_REG_INVALID)
			break; /* per-CPU data: its address is not known here */
		if (from->mem.base == X86_REG_RIP) {
			operand.value += instruction->address + instruction->size;
			operand.absolute = true;
		} else if (from->mem.base == X86_REG_INVALID && from->mem.index == X86_REG_INVALID) {
			operand.absolute = true;
		} else {
			operand.reg = register_number(from->mem.base);
		}
		break;
	default:
		break;
	}
	return operand;
}

static enum cdis_kind kind_of(csh capstone, const cs_insn *instruction)
{
	switch (instruction->id) {
	case X86_INS_MOV:
	case X86_INS_MOVABS:
		return CDIS_MOVE;
	case X86_INS_LEA:
		return CDIS_LEA;
	case X86_INS_PUSH:
		return CDIS_PUSH;
	case X86_INS_ADD:
	case X86_INS_INC:
		return CDIS_ADD;
	case X86_INS_AND:
		return CDIS_AND;
	case X86_INS_CMP:
		return CDIS_COMPARE;
	case X86_INS_TEST:
		return CDIS_TEST;
	case X86_INS_CALL:
		return CDIS_CALL;
	case X86_INS_JMP:
		return CDIS_JUMP;
	case X86_INS_PAUSE:
		return CDIS_PAUSE;
	case X86_INS_NOP:
		return CDIS_NOP;
	case X86_INS_INT3:
		return CDIS_BREAKPOINT;
	case X86_INS_UD2:
		/* A warning: the kernel goes on behind it. */
		return CDIS_OTHER;
	case X86_INS_RET:
	case X86_INS_RETF:
	case X86_INS_HLT:
		return CDIS_RETURN;
	default:
		return cs_insn_group(capstone, instruction, CS_GRP_JUMP) ? CDIS_BRANCH : CDIS_OTHER;
	}
}

static struct cdis_instruction plain(csh capstone, const cs_insn *from)
{
	struct cdis_instruction to = {
		.address = from->address,
		.length = (uint8_t)from->size,
		.kind = kind_of(capstone, from),
	};
	const cs_x86 *x86 = &from->detail->x86;

	to.operand_count = x86->op_count < 2 ? x86->op_count : 2;
	for (uint8_t i = 0; i < to.operand_count; i++)
		to.operands[i] = operand(from, &x86->operands[i]);
	if (from->id == X86_INS_INC) {
		to.operand_count = 2;
		to.operands[1] = (struct cdis_operand){ .kind = CDIS_IMMEDIATE, .value = 1, .reg = CDIS_NO_REGISTER };
	}
	if ((to.kind == CDIS_CALL || to.kind == CDIS_JUMP || to.kind == CDIS_BRANCH) &&
	    to.operands[0].kind == CDIS_IMMEDIATE)
		to.target = to.operands[0].value;
	if (to.kind == CDIS_BRANCH)
		to.condition = (x86->opcode[0] == 0x0F ? x86->opcode[1] : x86->opcode[0]) & 0x0F;
	return to;
}

/* Capstone sorts tables of its own when it first meets some instructions, without a lock (4.0: the registers that opcodes
 * imply): two threads at once would read wrong operands. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static long decode(const uint8_t *bytes, size_t length, uint64_t address, struct cdis_instruction *into,
		   size_t capacity)
{
	size_t count = 0;
	csh capstone;
	cs_insn *instruction;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &capstone) != CS_ERR_OK)
		return -1;
	cs_option(capstone, CS_OPT_DETAIL, CS_OPT_ON);
	instruction = cs_malloc(capstone);
	if (!instruction) {
		cs_close(&capstone);
		return -1;
	}
	while (length > 0 && count < capacity) {
		if (cs_disasm_iter(capstone, &bytes, &length, &address, instruction)) {
			into[count++] = plain(capstone, instruction);
			continue;
		}
		into[count++] = (struct cdis_instruction){ .address = address, .length = 1, .kind = CDIS_OTHER };
		bytes++;
		length--;
		address++;
	}
	cs_free(instruction, 1);
	cs_close(&capstone);
	return (long)count;
}

long cdis_decode(const uint8_t *bytes, size_t length, uint64_t address, struct cdis_instruction *into,
		 size_t capacity)
{
	long count;

	pthread_mutex_lock(&one_at_a_time);
	count = decode(bytes, length, address, into, capacity);
	pthread_mutex_unlock(&one_at_a_time);
	return count;
}
