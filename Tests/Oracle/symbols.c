#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "symbols.h"

struct symbol {
    u64 address;
    char name[64];
};

static struct symbol *symbols;
static size_t symbol_count;

static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;

    return x->address < y->address ? -1 : x->address > y->address;
}

void read_symbols(void)
{
    FILE *file = fopen("/proc/kallsyms", "re");
    char line[512];
    size_t room = 0;

    if (!file)
        die("/proc/kallsyms: %s", strerror(errno));
    while (fgets(line, sizeof line, file)) {
        if (strchr(line, '['))
            continue;  // a module's
        if (symbol_count == room) {
            room = room ? 2 * room : 1 << 17;
            symbols = realloc(symbols, room * sizeof *symbols);
            if (!symbols)
                die("out of memory");
        }
        struct symbol *s = &symbols[symbol_count];
        if (sscanf(line, "%llx %*c %63s", &s->address, s->name) == 2 && s->address)
            symbol_count++;
    }
    fclose(file);
    if (!symbol_count)
        die("/proc/kallsyms shows no addresses");
    qsort(symbols, symbol_count, sizeof *symbols, by_address);
}

bool find_symbol(const char *name, u64 *start, u64 *end)
{
    for (size_t i = 0; i < symbol_count; i++) {
        if (strcmp(symbols[i].name, name))
            continue;
        size_t next = i;
        while (next < symbol_count && symbols[next].address == symbols[i].address)
            next++;
        *start = symbols[i].address;
        if (end)
            *end = next < symbol_count ? symbols[next].address : ~0ULL;
        return true;
    }
    return false;
}

bool find_function(const char *name, u64 *start, u64 *end)
{
    size_t length = strlen(name);

    if (find_symbol(name, start, end))
        return true;
    for (size_t i = 0; i < symbol_count; i++) {
        const char *rest = symbols[i].name + length;
        if (strncmp(symbols[i].name, name, length) || *rest != '.' || strstr(rest, ".cold"))
            continue;
        return find_symbol(symbols[i].name, start, end);
    }
    return false;
}

u64 need_symbol(const char *name)
{
    u64 address;

    if (!find_symbol(name, &address, NULL))
        die("this kernel's kallsyms has no %s", name);
    return address;
}

const char *symbol_at(u64 address)
{
    size_t low = 0, high = symbol_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (symbols[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? symbols[low - 1].name : "";
}

const char *function_at(u64 address)
{
    static char name[64];

    snprintf(name, sizeof name, "%s", symbol_at(address));
    name[strcspn(name, ".")] = 0;
    return name;
}
