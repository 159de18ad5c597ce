#define _GNU_SOURCE
#include "CStartup.h"

#include <signal.h>
#include <stddef.h>

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

/* The loader calls these before the initialisers of every library, static or dynamic, and of the program itself. */
__attribute__((section(".preinit_array"), used)) static void (*const before_initialisers)(void) = block_crash_signals;

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
