/* The tables that the objects with programs share; loaded before them. */
#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include "probe_abi.h"

char LICENSE[] SEC("license") = "GPL";

#include "actor_tables.bpf.h"
