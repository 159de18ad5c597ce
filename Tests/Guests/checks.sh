# shellcheck shell=dash
# The counts that must come out on a real kernel. Run by busybox sh in a guest (see scripts/check-guests), with
# /bin/mountscope and /bin/oracle there. Prints one line a check, separated by tabs:
#
#     CHECK  EXPECTED  GOT  DIFFERENCE  VERDICT
#
# EXPECTED is a number, >0, or - where this kernel or the oracle knows none. VERDICT is ok, lost (the difference is not
# more than the events reported lost), n/a or WRONG. Exits 1 where one is WRONG.

: "${STRESS_SECONDS:=15}"
TAB=$(printf '\t')
WRONG=0
RUN=/tmp/run
# How record attaches. Probes on every instruction of the locks take half a minute to come and go under emulation: only
# checks that are about them pay for it.
ATTACH=function
SITES='lookup walk dotdot d_path'
FILES='mountinfo mounts mountstats'

# Reporting ----------------------------------------------------------------------------------------------------------

row() {
    printf '%s\n' "$1$TAB$2$TAB$3$TAB$4$TAB$5"
    [ "$5" != WRONG ] || WRONG=1
}

# check NAME EXPECTED GOT [ALLOWED]: an exact count, but for ALLOWED lost events.
check() {
    local difference
    if [ "$2" = - ]; then
        row "$1" - "${3:--}" - n/a
    elif [ -z "$2" ] || [ -z "$3" ]; then
        row "$1" "${2:-unknown}" "${3:-unknown}" - WRONG
    else
        difference=$(($3 - $2))
        if [ "$difference" -eq 0 ]; then
            row "$1" "$2" "$3" 0 ok
        elif [ "${difference#-}" -le "${4:-0}" ]; then
            row "$1" "$2" "$3" "$difference" lost
        else
            row "$1" "$2" "$3" "$difference" WRONG
        fi
    fi
}

check_some() {
    if [ "${2:-0}" -gt 0 ]; then
        row "$1" '>0' "$2" - ok
    else
        row "$1" '>0' "${2:-unknown}" - WRONG
    fi
}

# Recordings ---------------------------------------------------------------------------------------------------------

# record LABEL COMMAND...: a run of COMMAND in $RUN; the command's output in /tmp/output. The pause at the end is for
# mounts that a work queue puts away after the process is gone.
record() {
    local label=$1
    shift
    rm -rf /tmp/output /tmp/status "$RUN"
    # shellcheck disable=SC2016 # the inner shell's
    if ! mountscope record --budget off --attach "$ATTACH" -o "$RUN" -- sh -c '"$@" >/tmp/output; echo $? >/tmp/status; sleep 1' sh "$@" \
        >/tmp/messages 2>&1; then
        row "record: $label" 0 failed - WRONG
    elif [ "$(cat /tmp/status)" != 0 ]; then
        row "record: $label" 0 "$(cat /tmp/status)" - WRONG
    else
        return 0
    fi
    cat /tmp/messages >&2
    return 1
}

# total LOCK METRIC [SITE]: the events of a run, over all intervals and (without SITE) all sites. Nothing where a cell
# is empty: not known.
total() {
    [ -e "$RUN/intervals.csv" ] || return 0
    awk -F, -v lock="$1" -v metric="$2" -v site="${3:-}" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] != "all" || $column["lock"] != lock || $column["metric"] != metric { next }
        site != "" && $column["site"] != site { next }
        { seen = 1; if ($column["count"] == "") unknown = 1; sum += $column["count"] }
        END { if (seen && !unknown) printf "%.0f\n", sum }' "$RUN/intervals.csv"
}

# seen METRIC: the events of mount_lock that were counted, over the functions that could be watched.
seen() {
    [ -e "$RUN/intervals.csv" ] || return 0
    awk -F, -v metric="$1" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] == "all" && $column["lock"] == "mount_lock" && $column["metric"] == metric &&
            $column["mode"] == "exact" { seen = 1; sum += $column["count"] }
        END { if (seen) printf "%.0f\n", sum }' "$RUN/intervals.csv"
}

# total_tables METRIC: of the three mount tables.
total_tables() {
    local file sum=0 count
    for file in $FILES; do
        count=$(total namespace_sem "$1" "$file")
        [ -n "$count" ] || return 0
        sum=$((sum + count))
    done
    echo "$sum"
}

lost() {
    local events
    events=$(total mountscope lost_events)
    printf '%s\n' "${events:-0}"
}

# In how many intervals and sites do the rows of the CPUs, where there are any, not sum to the row of all?
unequal_sums() {
    [ -e "$RUN/intervals.csv" ] || return 0
    awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        { key = $column["seq"] FS $column["lock"] FS $column["metric"] FS $column["site"] }
        $column["scope"] == "all" { all[key] = $column["count"] }
        $column["scope"] == "cpu" { cpus[key] += $column["count"]; seen[key] = 1 }
        END { for (key in seen) if (all[key] != cpus[key]) { n++; print key, all[key], cpus[key] >"/dev/stderr" }
              print n + 0 }' "$RUN/intervals.csv"
}

# number KEY FILE: the sum of a key's values in JSON.
number() {
    grep -oE "\"$1\" *: *-?[0-9]+" "$2" | awk -F: '{ sum += $2; seen = 1 } END { if (seen) printf "%.0f\n", sum }'
}

# Like number. Null is - where this kernel is known to offer the oracle no place to count at, and else nothing: then the
# check is WRONG, not left out.
oracle_number() {
    local value
    value=$(number "$1" /tmp/oracle.json)
    [ -n "$value" ] || case $1 in
        walk_retries | dotdot_retries) [ "$KERNEL" -gt 5010 ] || value=- ;;
        parent_fallbacks_*) [ "$KERNEL" -le 6012 ] || value=- ;;
    esac
    printf '%s\n' "$value"
}

# This kernel --------------------------------------------------------------------------------------------------------

# MAJOR * 1000 + MINOR: 6012 for 6.12.
KERNEL=$(uname -r | awk -F. '{ print $1 * 1000 + $2 }')

# What one operation of a scenario writes; - for series that nobody counted on.
sections_of() {
    local mounts=$2
    case $1 in
        remount) if [ "$KERNEL" -le 5010 ]; then echo 2; elif [ "$KERNEL" -ge 6001 ]; then echo 1; else echo -; fi ;;
        bind) if [ "$KERNEL" -le 6012 ]; then echo 5; elif [ "$KERNEL" -ge 6018 ]; then echo 4; else echo -; fi ;;
        # Each mount of the namespace is cloned and put away; from 7.0 on there is one that mountinfo does not show.
        unshare)
            if [ "$KERNEL" -le 6012 ]; then
                echo $((3 * mounts))
            elif [ "$KERNEL" -lt 6018 ]; then
                echo -
            elif [ "$KERNEL" -lt 7000 ]; then
                echo $((2 * mounts))
            else
                echo $((2 * (mounts + 1)))
            fi
            ;;
    esac
}

# Checks -------------------------------------------------------------------------------------------------------------

# Two runs, with operations and with none: the difference is what the operations did.
check_sections() {
    local scenario=$1 operations=$2 idle busy each expected oracle_idle oracle_busy
    record "0 $scenario" oracle --sequence -o /tmp/oracle.json mountscope load "$scenario" -n 0 || return
    idle=$(total mount_lock write_sections)
    oracle_idle=$(oracle_number write_sections)
    record "$operations $scenario" oracle --sequence -o /tmp/oracle.json \
        mountscope load "$scenario" -n "$operations" || return
    busy=$(minus "$(total mount_lock write_sections)" "$idle")
    oracle_busy=$(minus "$(oracle_number write_sections)" "$oracle_idle")
    each=$(sections_of "$scenario" "$(number mounts_in_namespace /tmp/output)")
    expected=-
    [ "$each" = - ] || expected=$((operations * each))
    check "sections: $operations $scenario" "$expected" "$busy"
    # A work queue puts the namespaces of unshare away later than this oracle looks.
    [ "$scenario" = unshare ] ||
        check "sections: $operations $scenario, oracle" "$oracle_busy" "$busy"
}

minus() {
    [ -z "$1" ] || [ -z "$2" ] || echo $(($1 - $2))
}

# The classes are counted apart, so one run reads all three: three scans of each with different numbers of operations,
# which a mix-up of two would show. A run without operations is the base.
# shellcheck disable=SC2016 # the inner shell's
READ_TABLES='n=$2
for file in mountinfo mounts mountstats; do
    mountscope load mountinfo --file $file --buffer $0 --table-mounts $1 -n $n || exit
    n=$((n + $3))
done'

check_table_reads() {
    local buffer=$1 mounts=$2 file base='' metric i=0 reads
    record 'table reads, none' sh -c "$READ_TABLES" "$buffer" "$mounts" 0 0 || return
    for file in $FILES; do
        base="$base $(total namespace_sem read_hold "$file")"
    done
    record 'table reads' sh -c "$READ_TABLES" "$buffer" "$mounts" 10 7 || return
    for file in $FILES; do
        i=$((i + 1))
        reads=$(sed -n "${i}p" /tmp/output | number read_calls -)
        for metric in read_hold read_wait; do
            check "$metric: $file, $mounts more mounts, buffer $buffer" "$reads" \
                "$(minus "$(total namespace_sem "$metric" "$file")" "$(word "$i" "$base")")"
        done
    done
}

# word N WORDS
word() {
    local n=$1
    # shellcheck disable=SC2086 # words
    set -- $2
    shift $((n - 1))
    printf '%s\n' "${1:-}"
}

# dd says how many reads had data; one more finds the end.
check_dd() {
    local file reads
    # shellcheck disable=SC2016 # the inner shell's
    record dd sh -c 'n=5; for file; do
        for i in $(seq $n); do dd if=/proc/self/$file of=/dev/null bs=512 2>&1 | sed "s/^/$file /"; done
        n=$((n + 4)); done' sh mountinfo mounts mountstats || return
    for file in $FILES; do
        reads=$(awk -F'[+ ]' -v file="$file" '
            $1 == file && /records in/ { n += $2 + $3 + 1 }
            END { print n }' /tmp/output)
        check "read_hold: dd of $file" "$reads" "$(total namespace_sem read_hold "$file")"
    done
}

# Files whose seq_operations have the same names.
check_namesakes() {
    # shellcheck disable=SC2016 # the inner shell's
    record 'namesakes of the tables' \
        sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do cat /proc/modules /proc/self/maps /proc/self/smaps; done' || return
    check 'read_hold: /proc/modules, /proc/self/maps and smaps' 0 "$(total_tables read_hold)"
    check 'read_wait: /proc/modules, /proc/self/maps and smaps' 0 "$(total_tables read_wait)"
}

check_idle() {
    local site
    record idle sleep 2 || return
    for site in $SITES; do
        check "idle: read_retries $site" "$(if_known "$site")" "$(total mount_lock read_retries "$site")"
    done
    check 'idle: walk_fallbacks lookup' 0 "$(total mount_lock walk_fallbacks lookup)"
    check 'idle: walk_fallbacks open' 0 "$(total mount_lock walk_fallbacks open)"
    check 'idle: write_sections' 0 "$(total mount_lock write_sections)"
    check 'idle: read_hold' 0 "$(total_tables read_hold)"
    check 'idle: lost events' 0 "$(lost)"
}

# 0, or - on kernels without a place to count a site at.
if_known() {
    case $KERNEL.$1 in
        5010.walk) echo - ;;
        *) echo 0 ;;
    esac
}

oracle_lost() {
    echo $(($(oracle_number lost_kprobes) + $(oracle_number lost_recursion)))
}

check_stress() {
    local site both expected
    record "$ATTACH stress" oracle -o /tmp/oracle.json mountscope load mix --remount 2 --stat 2 --open 1 --dotdot 1 --refwalk 2 --getcwd 1 \
        -d "${STRESS_SECONDS}s" || return
    both=$(($(lost) + $(oracle_lost)))
    for site in $SITES; do
        expected=$(oracle_number "${site}_retries")
        [ "$expected" = - ] || check_some "$ATTACH stress: read_retries $site happen" "$(total mount_lock read_retries "$site")"
        check "$ATTACH stress: read_retries $site" "$expected" "$(total mount_lock read_retries "$site")" "$both"
    done
    for site in lookup open parent; do
        check "$ATTACH stress: walk_fallbacks $site" "$(oracle_number "${site}_fallbacks_moved")" \
            "$(total mount_lock walk_fallbacks "$site")" "$both"
    done
    check "$ATTACH stress: CPU rows that do not sum" 0 "$(unequal_sums)"
    expected=0
    [ "$(oracle_number walk_retries)" != - ] || expected=-
    check "$ATTACH stress: callers unknown to the oracle" "$expected" "$(oracle_number unknown_caller)"
    [ "$ATTACH" = function ] || check_coverage "$ATTACH stress"
    row "$ATTACH stress: events lost by mountscope, by the oracle" - "$(lost), $(oracle_lost)" - n/a
}

# Every write section was seen at the instruction that begins it, and every hold has its end. A section under way at
# either end of the run is half seen.
check_coverage() {
    local acquires holds exclusive
    acquires=$(seen write_acquires)
    exclusive=$(seen excl_acquires)
    check "$1: write_acquires, the sequence" "$(total mount_lock write_sections)" "$acquires" $((1 + $(lost)))
    check "$1: write_hold, write_acquires" "$acquires" "$(total mount_lock write_hold)" $((1 + $(lost)))
    check "$1: excl_hold, excl_acquires" "$exclusive" "$(total mount_lock excl_hold)" $((1 + $(lost)))
    check "$1: excl_acquires in prepend_path, read_retries d_path" "$(total mount_lock read_retries d_path)" \
        "$(total mount_lock excl_acquires prepend_path)" "$(lost)"
}

# The oracle sees every lock at the entry of the functions that take it. With one CPU: emulation races with the kernel's
# patching of functions that other CPUs run.
check_locks() {
    local both reads operation
    [ "$(nproc)" -eq 1 ] || return 0
    record 'locks' oracle --spin-lock -o /tmp/oracle.json mountscope load mix --remount 1 --bind 1 --unshare 1 \
        --mountinfo 1 --getcwd 1 -d "${STRESS_SECONDS}s" || return
    both=$(($(lost) + $(oracle_lost)))
    check 'locks: spinlock of mount_lock' "$(oracle_number spin_locks)" \
        $(($(seen write_acquires) + $(seen excl_acquires))) "$both"
    check 'locks: namespace_sem, writers' "$(oracle_number semaphore_writes)" "$(total namespace_sem write_wait)" "$both"
    reads=$(($(total_tables read_wait) + $(total namespace_sem read_wait other)))
    check 'locks: namespace_sem, readers' "$(oracle_number semaphore_reads)" "$reads" "$both"
    for operation in mount umount unshare; do
        check_some "locks: write_hold $operation happen" "$(total namespace_sem write_hold "$operation")"
    done
    check_coverage locks
}

# Readers of the table while it changes: their reads, and the retries of the paths they print.
check_table_stress() {
    local reads both
    record 'table stress' oracle -o /tmp/oracle.json mountscope load mix --remount 2 --mountinfo 2 --getcwd 1 \
        -d "${STRESS_SECONDS}s" || return
    both=$(($(lost) + $(oracle_lost)))
    reads=$(($(number read_calls /tmp/output) + $(number setup_read_calls /tmp/output)))
    check 'table stress: read_hold, read() calls' "$reads" "$(total namespace_sem read_hold mountinfo)" "$both"
    check 'table stress: read_wait, oracle' "$(oracle_number mountinfo_starts)" \
        "$(total namespace_sem read_wait mountinfo)" "$both"
    check 'table stress: read_hold, oracle' "$(oracle_number mountinfo_stops)" \
        "$(total namespace_sem read_hold mountinfo)" "$both"
    check 'table stress: read_retries d_path' "$(oracle_number d_path_retries)" \
        "$(total mount_lock read_retries d_path)" "$both"
    check 'table stress: CPU rows that do not sum' 0 "$(unequal_sums)"
}

main() {
    check_sections bind 30
    check_sections remount 2000
    check_sections unshare 20
    check_table_reads 4096 0
    check_table_reads 65536 150
    check_dd
    check_namesakes
    check_stress
    ATTACH=auto
    check_idle
    check_stress
    check_table_stress
    check_locks
    exit "$WRONG"
}

main
