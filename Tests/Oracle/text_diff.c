// text_diff dump FILE
// text_diff compare FILE [PROBES]
//
// Shows what probes change in the kernel's text. dump saves _stext.._etext, read from /proc/kcore; compare reads it again and
// prints one line for every run of bytes that differs: address, length, and `probe` where it lies in the bytes that a probe
// of PROBES (/sys/kernel/debug/kprobes/list) may patch, `ftrace` in ftrace's own trampolines (arch/x86/kernel/ftrace_64.S), which
// run only where a function's entry is probed, else `other`, and the symbol. The last line says how many there are of
// each: `probes N ftrace M other L`. Exits 2 where it cannot.
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "kcore.h"
#include "symbols.h"

// A breakpoint is one byte, a jump or a call five; a call at the entry lies behind endbr64, four bytes, of kernels with IBT.
#define PATCH 5
#define ENDBR 4
#define MAX_PROBES 4096

const int cannot = 2;

static unsigned char *read_text(u64 start, size_t size)
{
    unsigned char *text = malloc(size);

    if (!text)
        die("out of memory");
    read_kernel(start, text, size);
    return text;
}

static void dump(const char *path, const unsigned char *text, size_t size)
{
    FILE *file = fopen(path, "we");

    if (!file || fwrite(text, 1, size, file) != size || fclose(file))
        die("%s: %s", path, strerror(errno));
}

static unsigned char *load(const char *path, size_t size)
{
    FILE *file = fopen(path, "re");
    unsigned char *text = malloc(size);

    if (!file || !text || fread(text, 1, size, file) != size)
        die("%s: not a dump of this kernel's text", path);
    fclose(file);
    return text;
}

static u64 probes[MAX_PROBES];
static int probe_count;

static void read_probes(const char *path)
{
    FILE *file = fopen(path, "re");
    char line[512];

    if (!file)
        die("%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, file) && probe_count < MAX_PROBES)
        if (sscanf(line, "%llx", &probes[probe_count]) == 1)
            probe_count++;
    fclose(file);
}

static bool of_a_probe(u64 first, u64 end)
{
    for (int i = 0; i < probe_count; i++)
        if ((first >= probes[i] && end <= probes[i] + PATCH) ||
            (first >= probes[i] + ENDBR && end <= probes[i] + ENDBR + PATCH))
            return true;
    return false;
}

// Bytes that differ with no more than two alike between them are one patch.
static u64 end_of_patch(const unsigned char *a, const unsigned char *b, u64 at, u64 size)
{
    u64 end = at + 1;

    for (u64 next = end; next < size && next < end + 3; next++)
        if (a[next] != b[next])
            end = next + 1;
    return end;
}

int main(int argc, char **argv)
{
    u64 start, end, of_probes = 0, of_ftrace = 0, other = 0;
    unsigned char *now, *before;

    if (argc < 3 || argc > 4 || (strcmp(argv[1], "dump") && strcmp(argv[1], "compare"))) {
        fputs("usage: text_diff dump FILE | compare FILE [PROBES]\n", stderr);
        return 64;
    }
    read_symbols();
    start = need_symbol("_stext");
    end = need_symbol("_etext");
    now = read_text(start, end - start);
    if (!strcmp(argv[1], "dump")) {
        dump(argv[2], now, end - start);
        return 0;
    }
    before = load(argv[2], end - start);
    if (argc == 4)
        read_probes(argv[3]);
    for (u64 at = 0; at < end - start; at++) {
        if (before[at] == now[at])
            continue;
        u64 last = end_of_patch(before, now, at, end - start);
        const char *symbol = symbol_at(start + at), *kind = "other";
        if (of_a_probe(start + at, start + last))
            kind = "probe", of_probes++;
        else if (!strncmp(symbol, "ftrace_", 7))
            kind = "ftrace", of_ftrace++;
        else
            other++;
        printf("%llx %llu %s %s\n", start + at, last - at, kind, symbol);
        at = last;
    }
    printf("probes %llu ftrace %llu other %llu\n", of_probes, of_ftrace, other);
    return 0;
}
