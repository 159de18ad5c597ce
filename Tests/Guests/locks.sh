# shellcheck shell=dash
# Checks of what is seen at the instructions that take the locks: against the sequence, and against an oracle at the functions
# that take them. Behind library.sh.

# Every write section was seen at the instruction that begins it, and every hold has its end. A section under way at
# either end of the run is half seen.
check_coverage() {
    local acquires exclusive slow
    acquires=$(seen write_acquires)
    exclusive=$(seen excl_acquires)
    check "$1: write_acquires, the sequence" "$(total mount_lock write_sections)" "$acquires" $((1 + $(lost)))
    check "$1: write_hold, write_acquires" "$acquires" "$(total mount_lock write_hold)" $((1 + $(lost)))
    check "$1: excl_hold, excl_acquires" "$exclusive" "$(total mount_lock excl_hold)" $((1 + $(lost)))
    # The spinlock of PREEMPT_RT has no slow path of its own: tracepoints estimate the waits.
    slow=$(oracle_number slow_locks)
    [ ! -e /sys/kernel/realtime ] || slow=-
    check "$1: lock_wait, entries of the slow path" "$slow" "$(total mount_lock lock_wait)" \
        $((2 + $(lost) + $(oracle_lost)))
    check "$1: excl_acquires in prepend_path, read_retries d_path" "$(total mount_lock read_retries d_path)" \
        "$(total mount_lock excl_acquires prepend_path)" "$(lost)"
}

# The oracle sees every lock at the entry of the functions that take it. With one CPU: emulation races with the kernel's
# patching of functions that other CPUs run.
check_locks() {
    local both reads own operation
    [ "$(nproc)" -eq 1 ] || return 0
    # What the oracle itself does before it looks and after: on 6.1 its files lock some 200 times.
    record 'locks, none' oracle --spin-lock -o /tmp/oracle.json sleep 1 || return
    own=$(($(all_spin_locks) - $(oracle_number spin_locks)))
    # A work queue puts the namespaces of unshare away some time later: both look that long.
    # shellcheck disable=SC2016 # the inner shell's
    record 'locks' oracle --spin-lock -o /tmp/oracle.json sh -c '"$@"; sleep 1' sh mountscope load mix --remount 1 --bind 1 \
        --unshare 1 --mountinfo 1 --getcwd 1 -d "${STRESS_SECONDS}s" || return
    both=$(($(lost) + $(oracle_lost)))
    check 'locks: spinlock of mount_lock' "$(oracle_number spin_locks)" $(($(all_spin_locks) - own)) "$both"
    # The holds: under PREEMPT_RT the waits of some are not known.
    check 'locks: namespace_sem, writers' "$(oracle_number semaphore_writes)" "$(total namespace_sem write_hold)" "$both"
    reads=$(($(total_tables read_wait) + $(total namespace_sem read_wait other)))
    check 'locks: namespace_sem, readers' "$(oracle_number semaphore_reads)" "$reads" "$both"
    for operation in mount umount unshare; do
        check_some "locks: write_hold $operation happen" "$(total namespace_sem write_hold "$operation")"
    done
    check_coverage locks
}

# A second watcher beside the first counts as much: what the first one's probes hide of the kernel's text is known to it.
check_second() {
    local first sections second=$RUN
    mountscope record --budget off --attach "$ATTACH" -o "$SCRATCH/first" -- sleep 1000 >"$SCRATCH/first.messages" 2>&1 &
    first=$!
    until grep -q 'while the command runs' "$SCRATCH/first.messages"; do
        kill -0 $first 2>/dev/null || break
        sleep 0.2
    done
    record 'second' mountscope load mix --remount 1 --stat 1 --mountinfo 1 -d 1s
    kill -INT $first
    wait $first
    sections=$(total mount_lock write_sections)
    check_some 'second watcher: write_sections' "$sections"
    check 'second watcher: write_acquires, the sequence' "$sections" "$(seen write_acquires)" $((1 + $(lost)))
    check 'second watcher: write_hold' "$sections" "$(total mount_lock write_hold)" $((1 + $(lost)))
    RUN=$SCRATCH/first
    check 'first watcher: write_acquires, the sequence' "$(total mount_lock write_sections)" "$(seen write_acquires)" \
        $((1 + $(lost)))
    RUN=$second
}

# Under PREEMPT_RT readers that meet an odd sequence take the spinlock too.
all_spin_locks() {
    local readers
    readers=$(total mount_lock reader_wait)
    echo $(($(seen write_acquires) + $(seen excl_acquires) + ${readers:-0}))
}
