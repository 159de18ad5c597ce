/* A BPF object's life: open, fill in, load, read, close. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "diagnosis.h"
#include "object.h"

/* What bpf(2) says of a map that cannot do it: a number that user space has no name for (include/linux/errno.h). */
#define ENOTSUPP_IN_KERNEL 524

int cprobe_object_open(const void *image, size_t bytes, const char *name, struct cprobe_object **object,
		       struct cprobe_diagnosis *diagnosis)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name);
	struct cprobe_object *opened = calloc(1, sizeof(*opened));
	int error = 0;

	if (!opened)
		return -ENOMEM;
	diagnosis_begin(diagnosis);
	opened->bpf = bpf_object__open_mem(image, bytes, &options);
	if (!opened->bpf)
		error = -errno;
	diagnosis_end();
	if (error)
		free(opened);
	else
		*object = opened;
	return error;
}

struct bpf_program *object_program(const struct cprobe_object *object, const char *name)
{
	return bpf_object__find_program_by_name(object->bpf, name);
}

static struct bpf_map *object_map(const struct cprobe_object *object, const char *name)
{
	return bpf_object__find_map_by_name(object->bpf, name);
}

int cprobe_object_leave_out(struct cprobe_object *object, const char *name)
{
	struct bpf_program *program = object_program(object, name);

	return program ? bpf_program__set_autoload(program, false) : -ENOENT;
}

void *cprobe_object_constants(struct cprobe_object *object, size_t bytes)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object->bpf) {
		const char *name = bpf_map__name(map);
		size_t suffix = strlen(".rodata"), length = strlen(name), size = 0;
		void *memory;

		if (length < suffix || strcmp(name + length - suffix, ".rodata") != 0)
			continue;
		memory = (void *)bpf_map__initial_value(map, &size);
		return size == bytes ? memory : NULL;
	}
	return NULL;
}

int cprobe_object_check_map(struct cprobe_object *object, const char *name, size_t value_bytes)
{
	struct bpf_map *map = object_map(object, name);

	if (!map)
		return -ENOENT;
	return bpf_map__value_size(map) == value_bytes ? 0 : -EINVAL;
}

int cprobe_object_share_map(struct cprobe_object *object, const char *name, const struct cprobe_object *from)
{
	struct bpf_map *map = object_map(object, name), *shared = object_map(from, name);

	return map && shared ? bpf_map__reuse_fd(map, bpf_map__fd(shared)) : -ENOENT;
}

int cprobe_object_set_entries(struct cprobe_object *object, const char *name, uint32_t entries)
{
	struct bpf_map *map = object_map(object, name);

	return map ? bpf_map__set_max_entries(map, entries) : -ENOENT;
}

int cprobe_object_set_target(struct cprobe_object *object, const char *name, const char *function,
			     struct cprobe_diagnosis *diagnosis)
{
	struct bpf_program *program = object_program(object, name);
	int error;

	if (!program)
		return -ENOENT;
	diagnosis_begin(diagnosis);
	error = bpf_program__set_attach_target(program, 0, function);
	diagnosis_end();
	return error;
}

int cprobe_object_load(struct cprobe_object *object, struct cprobe_diagnosis *diagnosis)
{
	int error;

	diagnosis_begin(diagnosis);
	error = bpf_object__load(object->bpf);
	diagnosis_end();
	return error;
}

static void await_departures(struct cprobe_object *object);

void cprobe_object_close(struct cprobe_object *object)
{
	size_t i;

	if (!object)
		return;
	await_departures(object);
	for (i = 0; i < object->link_count; i++)
		bpf_link__destroy(object->links[i].link);
	for (i = 0; i < object->memory_count; i++)
		munmap(object->memory[i].address, object->memory[i].bytes);
	bpf_object__close(object->bpf);
	free(object);
}

int object_keep_link(struct cprobe_object *object, const struct bpf_program *program, struct bpf_link *link)
{
	if (object->link_count == OBJECT_LINKS) {
		bpf_link__destroy(link);
		return -ENOSPC;
	}
	object->links[object->link_count++] = (struct object_link){ .link = link, .program = program };
	return 0;
}

/* Links on their way out: the kernel waits for a grace period at each of them. */
struct departure {
	struct departure *next;
	pthread_t thread;
	size_t count;
	struct bpf_link *links[];
};

static void *depart(void *argument)
{
	struct departure *departure = argument;
	size_t i;

	for (i = 0; i < departure->count; i++)
		bpf_link__destroy(departure->links[i]);
	return NULL;
}

static size_t count_links(const struct cprobe_object *object, const struct bpf_program *program)
{
	size_t count = 0, i;

	for (i = 0; i < object->link_count; i++)
		count += object->links[i].program == program;
	return count;
}

/* Moves a program's links from the object into `departure`; destroys them at once where that is NULL. */
static void take_links(struct cprobe_object *object, const struct bpf_program *program, struct departure *departure)
{
	size_t kept = 0, i;

	for (i = 0; i < object->link_count; i++) {
		if (object->links[i].program != program)
			object->links[kept++] = object->links[i];
		else if (departure)
			departure->links[departure->count++] = object->links[i].link;
		else
			bpf_link__destroy(object->links[i].link);
	}
	object->link_count = kept;
}

int cprobe_detach(struct cprobe_object *object, const char *name)
{
	const struct bpf_program *program = object ? object_program(object, name) : NULL;
	size_t count = program ? count_links(object, program) : 0;
	struct departure *departure;

	if (!program)
		return -ENOENT;
	if (!count)
		return 0;
	departure = calloc(1, sizeof(*departure) + count * sizeof(struct bpf_link *));
	take_links(object, program, departure);
	if (!departure)
		return (int)count;
	if (pthread_create(&departure->thread, NULL, depart, departure)) {
		depart(departure);
		free(departure);
		return (int)count;
	}
	departure->next = object->departures;
	object->departures = departure;
	return (int)count;
}

static void await_departures(struct cprobe_object *object)
{
	while (object->departures) {
		struct departure *departure = object->departures;

		object->departures = departure->next;
		pthread_join(departure->thread, NULL);
		free(departure);
	}
}

int cprobe_read_element(struct cprobe_object *object, const char *name, uint32_t key, void *values)
{
	struct bpf_map *map = object_map(object, name);

	if (!map)
		return -ENOENT;
	return bpf_map_lookup_elem(bpf_map__fd(map), &key, values) < 0 ? -errno : 0;
}

/* One entry a call, for maps that have no batches. */
static int read_one_by_one(int map, size_t key_bytes, size_t value_bytes, char *keys, char *values, uint32_t *count)
{
	uint32_t room = *count, found = 0;
	const void *previous = NULL;

	for (*count = 0;; previous = keys + found++ * key_bytes, *count = found) {
		char beyond[256];
		void *key = found < room ? keys + found * key_bytes : beyond;

		if (key_bytes > sizeof(beyond))
			return -EINVAL;
		if (bpf_map_get_next_key(map, previous, key) < 0)
			return errno == ENOENT ? 0 : -errno;
		if (found == room)
			return -ENOSPC;
		/* One that went away meanwhile was none. */
		if (bpf_map_lookup_elem(map, key, values + found * value_bytes) < 0)
			return errno == ENOENT ? 0 : -errno;
	}
}

int cprobe_read_entries(struct cprobe_object *object, const char *name, void *keys, void *values, uint32_t *count)
{
	struct bpf_map *map = object_map(object, name);
	size_t key_bytes = map ? bpf_map__key_size(map) : 0, value_bytes = map ? bpf_map__value_size(map) : 0;
	uint32_t room = *count, found = 0, position = 0;
	bool begun = false;

	if (!map)
		return -ENOENT;
	while (found < room) {
		uint32_t batch = room - found;
		int error = bpf_map_lookup_batch(bpf_map__fd(map), begun ? &position : NULL, &position,
						 (char *)keys + found * key_bytes,
						 (char *)values + found * value_bytes, &batch, NULL);

		if (error < 0 && errno != ENOENT) {
			if (begun || (errno != EINVAL && errno != ENOTSUPP_IN_KERNEL && errno != EOPNOTSUPP))
				return errno == ENOSPC ? -ENOSPC : -errno;
			return read_one_by_one(bpf_map__fd(map), key_bytes, value_bytes, keys, values, count);
		}
		found += batch;
		begun = true;
		*count = found;
		if (error < 0)
			return 0;
	}
	return -ENOSPC;
}

int cprobe_delete_entry(struct cprobe_object *object, const char *name, const void *key)
{
	struct bpf_map *map = object_map(object, name);

	if (!map)
		return -ENOENT;
	return bpf_map_delete_elem(bpf_map__fd(map), key) < 0 ? -errno : 0;
}

int cprobe_write_element(struct cprobe_object *object, const char *name, const void *key, const void *value)
{
	struct bpf_map *map = object_map(object, name);

	if (!map)
		return -ENOENT;
	return bpf_map_update_elem(bpf_map__fd(map), key, value, BPF_ANY) < 0 ? -errno : 0;
}

const void *cprobe_map_memory(struct cprobe_object *object, const char *name, size_t bytes)
{
	struct bpf_map *map = object_map(object, name);
	void *address;

	if (!map || object->memory_count == OBJECT_MEMORY)
		return NULL;
	address = mmap(NULL, bytes, PROT_READ, MAP_SHARED, bpf_map__fd(map), 0);
	if (address == MAP_FAILED)
		return NULL;
	object->memory[object->memory_count++] = (struct object_memory){ .address = address, .bytes = bytes };
	return address;
}

int cprobe_run(struct cprobe_object *object, const char *name, const uint64_t *arguments, uint32_t count,
	       int32_t *result)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = arguments,
		    .ctx_size_in = count * (uint32_t)sizeof(*arguments));
	struct bpf_program *program = object_program(object, name);

	if (!program)
		return -ENOENT;
	if (bpf_prog_test_run_opts(bpf_program__fd(program), &options) < 0)
		return -errno;
	*result = (int32_t)options.retval;
	return 0;
}

int cprobe_possible_cpus(void)
{
	return libbpf_num_possible_cpus();
}
