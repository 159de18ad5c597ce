#ifndef MOUNTSCOPE_CSTARTUP_H
#define MOUNTSCOPE_CSTARTUP_H

/*
 * Gives crash signals their default action, whatever a library's initialiser installed for them.
 *
 * The Swift runtime can install handlers that run a helper program, swift-backtrace, which it looks for beside the
 * binary and in the environment: somebody else's program, run as root. These signals are blocked before any
 * initialiser runs, and this lets them through again; in between they are pending, or deadly.
 *
 * To be called first thing in main. Signals that the parent ignores stay ignored, those that it blocks stay blocked.
 */
void cstartup_restore_signals(void);

#endif
