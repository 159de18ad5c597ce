# shellcheck shell=dash
# What an oracle sees at the entries of the functions that every lock comes by, which only a guest with one CPU bears: emulation races
# with the patching of functions that other CPUs run. Run behind library.sh, calls.sh and locks.sh; the guest's clock counts
# instructions.

ATTACH=auto
check_locks
exit "$WRONG"
