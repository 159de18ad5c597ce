#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "kernel_text.h"
#include "symbols.h"

static unsigned char *text;
static u64 text_start, text_end;

void read_text(void)
{
    text_start = need_symbol("_stext");
    text_end = need_symbol("_etext");
    text = malloc(text_end - text_start);
    if (!text)
        die("out of memory");
    read_kernel(text_start, text, text_end - text_start);
}

bool calls(u64 at, u64 target)
{
    const unsigned char *code = text + (at - text_start);
    int distance;

    if (*code != 0xe8)
        return false;
    memcpy(&distance, code + 1, sizeof distance);
    return at + 5 + distance == target;
}

size_t return_sites(u64 target, u64 *sites, size_t room)
{
    size_t found = 0;

    for (u64 at = text_start; at + 5 <= text_end; at++) {
        if (!calls(at, target))
            continue;
        if (found == room)
            die("more than %zu calls of %s", room, function_at(target));
        sites[found++] = at + 5;
    }
    return found;
}

bool argument_is(u64 constant, u64 return_site, u64 floor)
{
    for (u64 at = return_site - 12; at >= floor && at > return_site - 128; at--) {
        const unsigned char *code = text + (at - text_start);
        int loaded;
        if (memcmp(code, "\x48\xc7\xc7", 3))
            continue;
        memcpy(&loaded, code + 3, sizeof loaded);
        return (u64)(long long)loaded == constant;
    }
    return false;
}

// The instruction behind it, as far as an unconditional jump leads; 0 where it leads out of the text.
static u64 followed(u64 at)
{
    const unsigned char *code = text + (at - text_start);
    int distance;

    if (at < text_start || at + 7 > text_end)
        return 0;
    if (*code == 0xeb)
        return at + 2 + (signed char)code[1];
    if (*code != 0xe9)
        return at;
    memcpy(&distance, code + 1, sizeof distance);
    return at + 5 + distance;
}

bool reloads(u64 at, u64 word, unsigned *number)
{
    for (int jumps = 0; jumps < 4; jumps++) {
        u64 next = followed(at);
        if (!next)
            return false;
        if (next == at)
            break;
        at = next;
    }
    const unsigned char *code = text + (at - text_start);
    unsigned extended = *code == 0x44;
    int distance;

    if (at < text_start || at + 7 > text_end || code[extended] != 0x8b || (code[extended + 1] & 0xc7) != 0x05)
        return false;
    memcpy(&distance, code + extended + 2, sizeof distance);
    if (at + extended + 6 + distance != word)
        return false;
    *number = (code[extended + 1] >> 3 & 7) + 8 * extended;
    return true;
}

size_t pauses(u64 word, u64 *sites, unsigned *numbers, size_t room)
{
    size_t found = 0;

    for (u64 at = text_start; at + 9 <= text_end; at++) {
        const unsigned char *code = text + (at - text_start);
        unsigned number;
        // A probe that stands there already hides its first byte, or all of it.
        if ((*code != 0xf3 && *code != 0xcc) || code[1] != 0x90 || !reloads(at + 2, word, &number))
            continue;
        if (found == room)
            die("more than %zu loops wait for an even sequence", room);
        sites[found] = at;
        numbers[found++] = number;
    }
    return found;
}

u64 behind_entry(u64 start)
{
    unsigned char code[9];

    read_kernel(start, code, sizeof code);
    size_t skipped = memcmp(code, "\xf3\x0f\x1e\xfa", 4) ? 0 : 4;
    bool nop = !memcmp(code + skipped, "\x0f\x1f\x44\x00\x00", 5);
    bool patched = code[skipped] == 0xe8;
    return start + skipped + (nop || patched ? 5 : 0);
}
