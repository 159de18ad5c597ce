#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <termios.h>

/* From now on a crash (SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS) writes a text to a descriptor and gives the
 * keyboard its settings back before it ends the process as it would have. The text must stay. settings may be NULL. */
void cterminal_guard(int output, const char *text, int keyboard, const struct termios *settings);

/* No longer. */
void cterminal_release(void);

#endif
