# shellcheck shell=dash
# What mountscope's programs take each time they run. Run by busybox sh in a guest of several CPUs whose clock counts
# instructions (see scripts/measure-cost), with /bin/mountscope and /bin/program_runs there. Prints PROGRAM, runs and the
# instructions of one run, separated by tabs.

echo 1 >/proc/sys/kernel/bpf_stats_enabled
mountscope record --attach cold --budget off -o /tmp/run -- program_runs mountscope load mix --remount 2 --bind 1 \
    --unshare 1 --stat 2 --open 1 --dotdot 1 --refwalk 1 --getcwd 1 --mountinfo 1 -d 10s >/tmp/runs 2>/tmp/messages ||
    { cat /tmp/messages >&2 && exit 1; }
# What reads the kernel's memory is no probe.
grep -v -e '^{' -e '^read_' /tmp/runs
