// How the programs here end when they cannot go on.
#ifndef FAILURE_H
#define FAILURE_H

// The exit status then; each program has its own.
extern const int cannot;

// Says why on standard error, behind the program's name. Does what atexit() asks for.
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);

#endif
