# shellcheck shell=dash
# Checks of what is seen at the instructions that take the locks: against the sequence, and against an oracle at the functions
# that take them. Behind library.sh.

# Every write section was seen at the instruction that begins it, and every hold has its end. A section under way at
# either end of the run is half seen.
check_coverage() {
    local acquires exclusive slow unwatched
    acquires=$(seen write_acquires)
    exclusive=$(seen excl_acquires)
    unwatched=$(total mount_lock write_acquires unwatched)
    check "$1: write_acquires and unwatched, the sequence" "$(total mount_lock write_sections)" $((acquires + ${unwatched:-0})) \
        $((1 + $(lost mount_lock write_acquires)))
    # Nothing in these loads calls what refuses probes.
    [ -z "$unwatched" ] || check "$1: write_acquires unwatched" 0 "$unwatched" $((1 + $(lost mount_lock write_acquires)))
    check "$1: write_hold, write_acquires" "$acquires" "$(total mount_lock write_hold)" $((1 + $(lost mount_lock write_hold)))
    check "$1: excl_hold, excl_acquires" "$exclusive" "$(total mount_lock excl_hold)" $((1 + $(lost mount_lock excl_hold)))
    # The spinlock of PREEMPT_RT has no slow path of its own: tracepoints estimate the waits.
    slow=$(oracle_number slow_locks)
    [ ! -e /sys/kernel/realtime ] || slow=-
    check "$1: lock_wait, entries of the slow path" "$slow" "$(total mount_lock lock_wait)" \
        $((2 + $(lost mount_lock lock_wait) + $(oracle_lost slow_lock_entered)))
    check "$1: excl_acquires in prepend_path, read_retries d_path" "$(total mount_lock read_retries d_path)" \
        "$(total mount_lock excl_acquires prepend_path)" \
        $(($(lost mount_lock excl_acquires prepend_path) + $(lost mount_lock read_retries d_path)))
}

# check_spins LABEL: readers that wait for an even sequence, their turns and their time, against a program of the oracle's at the
# same pauses, which it finds by itself.
check_spins() {
    local allowed expected slack
    allowed=$(($(lost mount_lock reader_spins) + $(oracle_lost reader_pauses)))
    check "$1: reader_spins" "$(oracle_number spins)" "$(total mount_lock reader_spins)" "$allowed"
    check "$1: spin_iterations" "$(oracle_number spin_turns)" "$(total mount_lock spin_iterations)" "$allowed"
    # From the first turn to the last, by the clocks of two programs that run one behind the other at each turn: emulation may take the
    # CPU away between them.
    expected=$(oracle_number spin_ns)
    if [ "$expected" = - ]; then
        row "$1: spin_time, nanoseconds" - - - n/a
    else
        slack=$((500000 * ($(total mount_lock reader_spins) + allowed)))
        check_between "$1: spin_time, nanoseconds" $((expected / 2)) $((2 * expected + slack)) "$(total_ns mount_lock spin_time)"
    fi
}

# check_spin_share LABEL: the same time as samples have it, although the pauses of these loops are probed meanwhile. A stress
# has few such samples, and emulated CPUs miss some.
check_spin_share() {
    local timed sampled
    realtime && return 0
    timed=$(total_ns mount_lock spin_time)
    sampled=$(awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] != "all" { next }
        $column["metric"] == "cpus_online" { cpus = $column["count"] }
        $column["metric"] == "spin_share" && $column["share"] != "" { share[$column["seq"]] += $column["share"]; dt[$column["seq"]] = $column["dt_ns"] }
        END { for (i in share) sum += share[i] * dt[i] * cpus; printf "%.0f\n", sum }' "$RUN/intervals.csv")
    # Under 50 ms there are hardly any samples.
    if [ "$timed" -lt 50000000 ]; then
        row "$1: spin_share as time, spin_time" "$timed" "$sampled" - n/a
    else
        # What is sampled beside the probes is a lower bound.
        check_between "$1: spin_share as time, spin_time" 1 $((timed + timed / 2)) "$sampled"
    fi
}

# Readers of the tables that wait for a writer. Where waits are seen by the slow path, each of its calls is one wait that is not 0.
check_read_waits() {
    local file allowed waits slack
    # shellcheck disable=SC2016 # the inner shell's
    record 'read waits' oracle -o /tmp/oracle.json sh -c 'mountscope load mix --bind 2 --mountinfo 2 --table-mounts 60 -d "$0s" >/dev/null &
        end=$(($(date +%s) + $0)); while [ "$(date +%s)" -lt "$end" ]; do cat /proc/self/mounts /proc/self/mountstats; done >/dev/null
        wait' "$STRESS_SECONDS" || return
    for file in $FILES; do
        allowed=$(($(lost namespace_sem read_wait "$file") + $(oracle_lost m_start_entered m_stop_entered read_wait_entered read_wait_returned)))
        waits=$(waits_of "$file")
        check "read waits: $file, calls of the slow path" "$(oracle_number "${file}_waits")" "$waits" "$allowed"
        # A wait is from m_start's entry to the end of the slow path, or a little behind it: emulation may take a CPU away between the
        # probes of the two programs there.
        slack=$((500000 * (waits + allowed)))
        check_between "read waits: $file, nanoseconds" "$(minus "$(oracle_number "${file}_wait_ns")" "$slack")" \
            "$(minus "$(oracle_number "${file}_wait_start_ns")" "-$slack")" "$(total_ns namespace_sem read_wait "$file")"
    done
    [ "$(nproc)" -eq 1 ] || realtime || check_some 'read waits: mountinfo, some' "$(oracle_number mountinfo_waits)"
}

# waits_of FILE: pages of a table that had to wait: whose wait is not in the first bucket, which is 0.
waits_of() {
    awk -F, -v site="$1" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["lock"] == "namespace_sem" && $column["metric"] == "read_wait" && $column["site"] == site && $column["bucket_lo_ns"] > 0 {
            sum += $column["count"] }
        END { printf "%.0f\n", sum }' "$RUN/hist.csv"
}

# The functions that the row `unwatched` stands for.
unwatched_functions() {
    grep -o 'beyond the other functions, those in [^:]*' "$RUN/run.json"
}

# Calls that refuse probes: what their write sections are is told by the sequence alone.
check_unwatched() {
    local calls
    record 'unwatched' oracle --sequence -o /tmp/oracle.json sh -c "$MAKE_CALLS" sh 150 pivot || return
    [ -n "$(total mount_lock write_acquires unwatched)" ] || return 0
    check 'unwatched: write_acquires and unwatched, the sequence' "$(oracle_number write_sections)" \
        $(($(seen write_acquires) + $(total mount_lock write_acquires unwatched))) $((1 + $(lost mount_lock write_acquires)))
    # fs/namespace.c: pivot_root locks mount_lock once for writing.
    calls=0
    ! unwatched_functions | grep -q pivot_root || calls=$(calls_made pivot)
    check 'unwatched: pivot_root' "$calls" "$(total mount_lock write_acquires unwatched)" $((1 + $(lost mount_lock write_acquires)))
}

# The oracle sees every lock at the entry of the functions that take it. In a guest with one CPU: emulation races with the kernel's
# patching of functions that other CPUs run.
check_locks() {
    local allowed reads own own_writes own_exclusive operation
    # What the oracle itself does before it looks and after: on 6.1 its files lock some 200 times.
    record 'locks, none' oracle --spin-lock -o /tmp/oracle.json sleep 1 || return
    own=$(($(all_spin_locks) - $(oracle_number spin_locks)))
    own_writes=$(minus "$(oracle_number write_holds)" "$(total mount_lock write_hold)")
    own_exclusive=$(minus "$(oracle_number exclusive_holds)" "$(total mount_lock excl_hold)")
    # A work queue puts the namespaces of unshare away some time later: both look that long.
    # shellcheck disable=SC2016 # the inner shell's
    record 'locks' oracle --spin-lock -o /tmp/oracle.json sh -c '"$@"; sleep 1' sh mountscope load mix --remount 1 --bind 1 \
        --unshare 1 --mountinfo 1 --getcwd 1 -d "${STRESS_SECONDS}s" || return
    allowed=$(($(lost mount_lock write_acquires) + $(lost mount_lock excl_acquires)))
    # In interrupts, where the oracle's probe may be missed, nobody takes this lock.
    check 'locks: spinlock of mount_lock' "$(oracle_number spin_locks)" $(($(all_spin_locks) - own)) "$allowed"
    # The holds: under PREEMPT_RT the waits of some are not known.
    check 'locks: namespace_sem, writers' "$(oracle_number semaphore_writes)" "$(total namespace_sem write_hold)" \
        $(($(lost namespace_sem write_hold) + $(oracle_lost down_write_entered)))
    reads=$(($(total_tables read_wait) + $(total namespace_sem read_wait other)))
    check 'locks: namespace_sem, readers' "$(oracle_number semaphore_reads)" "$reads" \
        $(($(lost namespace_sem read_wait) + $(oracle_lost down_read_entered)))
    check_holds "$own_writes" "$own_exclusive"
    for operation in mount umount unshare; do
        check_some "locks: write_hold $operation happen" "$(total namespace_sem write_hold "$operation")"
    done
    check_coverage locks
}

# check_holds OWN_WRITES OWN_EXCLUSIVE, negative. The holds of mount_lock's spinlock, by whether the sequence moved, from the entry of the function that takes it to that of the one
# that gives it back. The clock counts instructions: what both programs and the function do before the lock is had takes so many.
check_holds() {
    local expected kind
    # What the oracle itself does before it counts and after, which was seen in a run of its own, is no part of its counts.
    check 'holds: write_hold' "$(minus "$(oracle_number write_holds)" "$1")" "$(total mount_lock write_hold)" \
        $((1 + $(lost mount_lock write_hold)))
    check 'holds: excl_hold' "$(minus "$(oracle_number exclusive_holds)" "$2")" "$(total mount_lock excl_hold)" \
        $((1 + $(lost mount_lock excl_hold)))
    for kind in write_hold excl_hold; do
        expected=$(oracle_number "${kind}_ns")
        check_between "holds: $kind, nanoseconds" "$(minus "$expected" $((HOLD_EDGES * $(total mount_lock "$kind"))))" "$expected" \
            "$(total_ns mount_lock "$kind")"
    done
}

# The oracle's places are outside of mountscope's: no hold is longer than it says, nor shorter by more than these nanoseconds, which
# are instructions here: of the function that locks, and of mountscope's own probe.
HOLD_EDGES=2000

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
    check 'second watcher: write_acquires, the sequence' "$sections" "$(seen write_acquires)" $((1 + $(lost mount_lock write_acquires)))
    check 'second watcher: write_hold' "$sections" "$(total mount_lock write_hold)" $((1 + $(lost mount_lock write_hold)))
    RUN=$SCRATCH/first
    check 'first watcher: write_acquires, the sequence' "$(total mount_lock write_sections)" "$(seen write_acquires)" \
        $((1 + $(lost mount_lock write_acquires)))
    RUN=$second
}

# Under PREEMPT_RT readers that meet an odd sequence take the spinlock too.
all_spin_locks() {
    local readers
    readers=$(total mount_lock reader_wait)
    echo $(($(seen write_acquires) + $(seen excl_acquires) + ${readers:-0}))
}
