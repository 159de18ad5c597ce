/* What the kernel says of its types, and which programs it takes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "diagnosis.h"
#include "timer.h"

struct cprobe_btf {
	struct btf *btf;
};

int cprobe_btf_load(struct cprobe_btf **result, struct cprobe_diagnosis *diagnosis)
{
	struct cprobe_btf *loaded = calloc(1, sizeof(*loaded));
	int error = 0;

	if (!loaded)
		return -ENOMEM;
	diagnosis_begin(diagnosis);
	loaded->btf = btf__parse_raw("/sys/kernel/btf/vmlinux");
	if (!loaded->btf)
		error = -errno;
	diagnosis_end();
	if (error)
		free(loaded);
	else
		*result = loaded;
	return error;
}

void cprobe_btf_free(struct cprobe_btf *btf)
{
	if (!btf)
		return;
	btf__free(btf->btf);
	free(btf);
}

int cprobe_btf_function(const struct cprobe_btf *btf, const char *name, int *parameters)
{
	int id = btf__find_by_name_kind(btf->btf, name, BTF_KIND_FUNC);
	const struct btf_type *function, *prototype;

	if (id < 0)
		return id;
	function = btf__type_by_id(btf->btf, id);
	prototype = function ? btf__type_by_id(btf->btf, function->type) : NULL;
	if (!prototype || !btf_is_func_proto(prototype))
		return -EINVAL;
	*parameters = btf_vlen(prototype);
	return id;
}

int cprobe_btf_enumerator(const struct cprobe_btf *btf, const char *enumeration, const char *name)
{
	int id = btf__find_by_name_kind(btf->btf, enumeration, BTF_KIND_ENUM);
	const struct btf_type *type = id < 0 ? NULL : btf__type_by_id(btf->btf, id);
	int i;

	if (!type)
		return id < 0 ? id : -ENOENT;
	for (i = 0; i < btf_vlen(type); i++) {
		const char *found = btf__name_by_offset(btf->btf, btf_enum(type)[i].name_off);

		if (found && strcmp(found, name) == 0)
			return btf_enum(type)[i].val;
	}
	return -ENOENT;
}

static int member_offset(const struct btf *btf, const struct btf_type *type, const char *wanted, int depth)
{
	const struct btf_member *member = btf_members(type);
	int i;

	for (i = 0; i < btf_vlen(type); i++, member++) {
		const char *name = btf__name_by_offset(btf, member->name_off);
		int offset = btf_member_bit_offset(type, i) / 8, inner, id;
		const struct btf_type *inside;

		if (name && strcmp(name, wanted) == 0)
			return offset;
		if ((name && *name) || depth == 0)
			continue;
		id = btf__resolve_type(btf, member->type);
		inside = id < 0 ? NULL : btf__type_by_id(btf, id);
		if (!inside || !btf_is_composite(inside))
			continue;
		inner = member_offset(btf, inside, wanted, depth - 1);
		if (inner >= 0)
			return offset + inner;
	}
	return -ENOENT;
}

int cprobe_btf_offset(const struct cprobe_btf *btf, const char *structure, const char *member)
{
	int id = btf__find_by_name_kind(btf->btf, structure, BTF_KIND_STRUCT);
	const struct btf_type *type;

	/* seqlock_t is a typedef of an anonymous struct up to 6.19. */
	if (id < 0)
		id = btf__find_by_name_kind(btf->btf, structure, BTF_KIND_TYPEDEF);
	if (id >= 0)
		id = btf__resolve_type(btf->btf, id);
	if (id < 0)
		return id;
	type = btf__type_by_id(btf->btf, id);
	if (!type || !btf_is_composite(type))
		return -EINVAL;
	return member_offset(btf->btf, type, member, 4);
}

/* r0 = 0; exit */
#define RETURN_0                                                                 \
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 }, \
	{ .code = BPF_JMP | BPF_EXIT }

static int try_instructions(enum bpf_prog_type type, const struct bpf_insn *instructions, size_t count,
			    struct bpf_prog_load_opts *options)
{
	int fd = bpf_prog_load(type, "mountscope_try", "GPL", instructions, count, options);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int try_load(enum bpf_prog_type type, struct bpf_prog_load_opts *options)
{
	const struct bpf_insn nothing[] = { RETURN_0 };

	return try_instructions(type, nothing, 2, options);
}

int cprobe_try_tracing(int function_btf_id)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FEXIT,
		    .attach_btf_id = (uint32_t)function_btf_id);

	return try_load(BPF_PROG_TYPE_TRACING, &options);
}

int cprobe_try_sampling(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options);
	int fd = open_timer(0, 1, true);

	if (fd < 0)
		return fd;
	close(fd);
	return try_load(BPF_PROG_TYPE_PERF_EVENT, &options);
}

int cprobe_try_kprobe(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options);

	return try_load(BPF_PROG_TYPE_KPROBE, &options);
}

int cprobe_try_cookie(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options);
	const struct bpf_insn asks[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_attach_cookie },
		RETURN_0,
	};

	return try_instructions(BPF_PROG_TYPE_KPROBE, asks, 3, &options);
}
