#define _GNU_SOURCE
#include "CTerminal.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const int crashes[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};

/* The process has one terminal. A handler can be given nothing else. */
static struct {
	int output;
	const char *text;
	size_t length;
	int keyboard;
	int has_settings;
	struct termios settings;
} guarded = {.output = -1};

/* Only what signal-safety(7) allows. */
static void restore(int number)
{
	if (guarded.output >= 0 && write(guarded.output, guarded.text, guarded.length) < 0)
		guarded.output = -1;
	if (guarded.has_settings)
		tcsetattr(guarded.keyboard, TCSANOW, &guarded.settings);
	/* The handler is gone (SA_RESETHAND): this ends the process when the handler returns. */
	raise(number);
}

static void set(void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = flags;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &action, NULL);
}

void cterminal_guard(int output, const char *text, int keyboard, const struct termios *settings)
{
	guarded.output = output;
	guarded.text = text;
	guarded.length = strlen(text);
	guarded.keyboard = keyboard;
	guarded.has_settings = settings != NULL;
	if (settings)
		guarded.settings = *settings;
	set(restore, SA_RESETHAND | SA_NODEFER);
}

void cterminal_release(void)
{
	set(SIG_DFL, 0);
	guarded.output = -1;
	guarded.has_settings = 0;
}
