/* libbpf's messages: captured for the call that is under way, never printed. */
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "diagnosis.h"

static _Thread_local struct cprobe_diagnosis *current;

/* Keeps the end: the verifier's verdict is in its last lines. */
static void append(char *messages, const char *text)
{
	size_t have = strlen(messages), more = strlen(text);

	if (more >= CPROBE_MESSAGE_BYTES) {
		text += more - (CPROBE_MESSAGE_BYTES - 1);
		more = CPROBE_MESSAGE_BYTES - 1;
	}
	if (have + more >= CPROBE_MESSAGE_BYTES) {
		size_t drop = have + more - (CPROBE_MESSAGE_BYTES - 1);

		memmove(messages, messages + drop, have - drop);
		have -= drop;
	}
	memcpy(messages + have, text, more);
	messages[have + more] = '\0';
}

/* "libbpf: prog 'NAME': ..." says which program a message is about. */
static void note_program(const char *text)
{
	static const char marker[] = "prog '";
	const char *name = strstr(text, marker), *end;

	if (!name)
		return;
	name += sizeof(marker) - 1;
	end = strchr(name, '\'');
	if (end && (size_t)(end - name) < CPROBE_NAME_BYTES) {
		memcpy(current->program, name, end - name);
		current->program[end - name] = '\0';
	}
}

static int capture(enum libbpf_print_level level, const char *format, va_list arguments)
{
	/* A verifier log comes as one message; what does not fit is its beginning. */
	static _Thread_local char text[64 * 1024];
	int length;

	if (!current || level == LIBBPF_DEBUG)
		return 0;
	length = vsnprintf(text, sizeof(text), format, arguments);
	if (level == LIBBPF_WARN)
		note_program(text);
	append(current->messages, text);
	return length;
}

void diagnosis_begin(struct cprobe_diagnosis *diagnosis)
{
	memset(diagnosis, 0, sizeof(*diagnosis));
	current = diagnosis;
	libbpf_set_print(capture);
}

void diagnosis_end(void)
{
	current = NULL;
}
