// text_diff dump FILE
// text_diff compare FILE [PROBES]
//
// Shows what probes change in the kernel's text. dump saves _stext.._etext, read from /proc/kcore; compare reads it again and
// prints one line for every run of bytes that differs: address, length, and `probe` where it lies in the bytes that a probe
// of PROBES (/sys/kernel/debug/kprobes/list) may patch, `ftrace` in ftrace's own trampolines (arch/x86/kernel/ftrace_64.S), which
// run only where a function's entry is probed, else `other`, and the symbol. The last line says how many there are of
// each: `probes N ftrace M other L`. Exits 2 where it cannot.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long long u64;

// A breakpoint is one byte, a jump or a call five; a call at the entry lies behind endbr64, four bytes, of kernels with IBT.
#define PATCH 5
#define ENDBR 4
#define MAX_PROBES 4096

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("text_diff: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

struct symbol {
    u64 address;
    char name[64];
};

static struct symbol *symbols;
static size_t symbol_count;

static void remember(u64 address, const char *name)
{
    int length = sizeof symbols->name - 1;

    if (symbol_count % 4096 == 0)
        symbols = realloc(symbols, (symbol_count + 4096) * sizeof *symbols);
    if (!symbols)
        die("out of memory");
    symbols[symbol_count].address = address;
    snprintf(symbols[symbol_count++].name, sizeof symbols->name, "%.*s", length, name);
}

// The nearest symbol at or below an address.
static const char *symbol_at(u64 address)
{
    const struct symbol *best = NULL;

    for (size_t i = 0; i < symbol_count; i++)
        if (symbols[i].address <= address && (!best || symbols[i].address > best->address))
            best = &symbols[i];
    return best ? best->name : "?";
}

static void find_text(u64 *start, u64 *end)
{
    FILE *file = fopen("/proc/kallsyms", "re");
    char line[512], name[128];
    u64 address;

    if (!file)
        die("/proc/kallsyms: %s", strerror(errno));
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%llx %*c %127s", &address, name) != 2)
            continue;
        remember(address, name);
        if (!strcmp(name, "_stext"))
            *start = address;
        else if (!strcmp(name, "_etext"))
            *end = address;
    }
    fclose(file);
    if (!*start || *end <= *start)
        die("/proc/kallsyms does not say where the text is");
}

// Where kcore keeps an address.
static u64 offset_in(int core, u64 address)
{
    Elf64_Ehdr header;
    Elf64_Phdr segment;

    if (pread(core, &header, sizeof header, 0) != sizeof header)
        die("/proc/kcore: %s", strerror(errno));
    for (int i = 0; i < header.e_phnum; i++) {
        if (pread(core, &segment, sizeof segment, header.e_phoff + i * sizeof segment) != sizeof segment)
            die("/proc/kcore: %s", strerror(errno));
        if (segment.p_type == PT_LOAD && address - segment.p_vaddr < segment.p_memsz)
            return segment.p_offset + (address - segment.p_vaddr);
    }
    die("/proc/kcore has no %llx", address);
}

static unsigned char *read_text(u64 start, size_t size)
{
    int core = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
    unsigned char *text = malloc(size);
    u64 offset;

    if (core < 0 || !text)
        die("/proc/kcore: %s", strerror(errno));
    offset = offset_in(core, start);
    for (size_t done = 0; done < size;) {
        ssize_t n = pread(core, text + done, size - done, offset + done);
        if (n <= 0)
            die("/proc/kcore: %s", n ? strerror(errno) : "ends");
        done += n;
    }
    close(core);
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
    u64 start = 0, end = 0, of_probes = 0, of_ftrace = 0, other = 0;
    unsigned char *now, *before;

    if (argc < 3 || argc > 4 || (strcmp(argv[1], "dump") && strcmp(argv[1], "compare"))) {
        fputs("usage: text_diff dump FILE | compare FILE [PROBES]\n", stderr);
        return 64;
    }
    find_text(&start, &end);
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
