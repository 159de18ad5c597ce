// What the programs counted, as members of a JSON object.
#ifndef COUNTS_H
#define COUNTS_H

#include <stdio.h>

#include "places.h"

// What was counted before is left out.
void start_counting(void);

void print_counts(FILE *report, struct coverage known);

void number(FILE *report, const char *key, long long value);

#endif
