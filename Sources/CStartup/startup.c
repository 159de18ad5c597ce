#define _GNU_SOURCE
#include "CStartup.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* Every signal whose default action is a core dump, and those with which runtimes end a process. */
static const int crash_signals[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGXCPU, SIGXFSZ};

static sigset_t mask_before;

static void block_crash_signals(void)
{
	sigset_t crashes;

	sigemptyset(&crashes);
	for (size_t i = 0; i < sizeof(crash_signals) / sizeof(crash_signals[0]); i++)
		sigaddset(&crashes, crash_signals[i]);
	sigprocmask(SIG_BLOCK, &crashes, &mask_before);
}

/* Swift has the command line and the program's own path from there; the static runtime aborts without it. 69 is EX_UNAVAILABLE
 * of sysexits.h. */
static void require_proc(void)
{
	static const char message[] = "mountscope: /proc is not mounted\nhint: mount it: mount -t proc proc /proc\n";

	if (access("/proc/self/cmdline", R_OK) == 0)
		return;
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(69);
	_exit(69);
}

static void prepare(void)
{
	require_proc();
	block_crash_signals();
}

/* The loader calls this before the initialisers of every library, static or dynamic, and of the program itself. */
__attribute__((section(".preinit_array"), used)) static void (*const before_initialisers)(void) = prepare;

void cstartup_restore_signals(void)
{
	for (int number = 1; number < NSIG; number++) {
		struct sigaction action;

		if (sigaction(number, NULL, &action) || action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN)
			continue;
		action.sa_handler = SIG_DFL;
		action.sa_flags = 0;
		sigemptyset(&action.sa_mask);
		sigaction(number, &action, NULL);
	}
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}
