/* The whole text of a kernel is some 20 MB: a pass over it must be cheap even in a debug build. */
#include <string.h>

#include "CDisassembler.h"

static bool refers(uint32_t word, uint32_t end, uint32_t target)
{
	uint32_t away = target - end - word;

	return word == target || away == 0 || away == 1 || away == 4;
}

size_t cdis_find_references(const uint8_t *bytes, size_t length, uint64_t address, const uint64_t *targets,
			    size_t target_count, uint64_t *into, size_t capacity)
{
	uint32_t low = UINT32_MAX, high = 0;
	size_t found = 0, i, t;

	for (t = 0; t < target_count; t++) {
		low = (uint32_t)targets[t] < low ? (uint32_t)targets[t] : low;
		high = (uint32_t)targets[t] > high ? (uint32_t)targets[t] : high;
	}
	for (i = 0; i + 4 <= length; i++) {
		uint32_t word, end = (uint32_t)(address + i + 4);

		memcpy(&word, bytes + i, sizeof(word));
		/* Nearly all words refer to nothing near the targets, immediates of up to 4 bytes left out of account. */
		if (word - low > high - low && end + word - (low - 4) > high - (low - 4))
			continue;
		for (t = 0; t < target_count; t++) {
			if (!refers(word, end, (uint32_t)targets[t]))
				continue;
			if (found < capacity)
				into[found] = address + i;
			found++;
			break;
		}
	}
	return found;
}
