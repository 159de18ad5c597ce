#ifndef CPROBE_DIAGNOSIS_H
#define CPROBE_DIAGNOSIS_H

#include "CProbe.h"

/* Between the two, this thread's libbpf messages go into `diagnosis`. */
void diagnosis_begin(struct cprobe_diagnosis *diagnosis);
void diagnosis_end(void);

#endif
