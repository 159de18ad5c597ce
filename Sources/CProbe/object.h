#ifndef CPROBE_OBJECT_H
#define CPROBE_OBJECT_H

#include "CProbe.h"

#define OBJECT_LINKS 1024
#define OBJECT_MEMORY 4

struct bpf_program;

struct object_link {
	struct bpf_link *link;
	const struct bpf_program *program;
};

struct object_memory {
	void *address;
	size_t bytes;
};

struct departure;

struct cprobe_object {
	struct bpf_object *bpf;
	size_t link_count;
	size_t memory_count;
	struct object_link links[OBJECT_LINKS];
	struct object_memory memory[OBJECT_MEMORY];
	struct departure *departures;
};

struct bpf_link;

/* Owns a link until the object is closed. Returns 0; or a negative errno, the link destroyed. */
int object_keep_link(struct cprobe_object *object, const struct bpf_program *program, struct bpf_link *link);
struct bpf_program *object_program(const struct cprobe_object *object, const char *name);

#endif
