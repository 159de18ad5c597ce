#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "kcore.h"

#define MAX_SEGMENTS 256

static int core = -1;
static Elf64_Phdr segments[MAX_SEGMENTS];
static size_t segment_count;

static void open_core(void)
{
    Elf64_Ehdr header;

    core = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
    if (core < 0 || pread(core, &header, sizeof header, 0) != sizeof header)
        die("/proc/kcore: %s", strerror(errno));
    segment_count = header.e_phnum < MAX_SEGMENTS ? header.e_phnum : MAX_SEGMENTS;
    if (pread(core, segments, segment_count * sizeof *segments, header.e_phoff) < 0)
        die("/proc/kcore: %s", strerror(errno));
}

// Where the file has an address and SIZE bytes behind it.
static off_t place_of(u64 address, size_t size)
{
    for (size_t i = 0; i < segment_count; i++) {
        const Elf64_Phdr *s = &segments[i];
        if (s->p_type == PT_LOAD && address >= s->p_vaddr && address + size <= s->p_vaddr + s->p_memsz)
            return s->p_offset + (address - s->p_vaddr);
    }
    die("/proc/kcore has no %llx", address);
}

void read_kernel(u64 address, void *buffer, size_t size)
{
    off_t place;

    if (core < 0)
        open_core();
    place = place_of(address, size);
    for (size_t done = 0; done < size;) {
        ssize_t n = pread(core, (char *)buffer + done, size - done, place + done);
        if (n <= 0)
            die("/proc/kcore at %llx: %s", address, n ? strerror(errno) : "ends there");
        done += n;
    }
}
