# shellcheck shell=dash
# The counts that must come out on a real kernel. Run by busybox sh in a guest behind library.sh, calls.sh and locks.sh (see
# scripts/check-guests), with /bin/mountscope, /bin/oracle, /bin/text_diff and /bin/mount_calls there. Exits 1 where
# one is WRONG.

SITES='lookup walk dotdot d_path'

# This kernel --------------------------------------------------------------------------------------------------------

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
    [ "$scenario" != remount ] ||
        printf '=\tmount_lock.write_sections\texact\t%s\t%s\t%s\n' "$busy" "$oracle_busy" "$((busy - oracle_busy))"
    [ "$scenario" = unshare ] ||
        check "sections: $operations $scenario, oracle" "$oracle_busy" "$busy"
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
        sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do
            for file in /proc/modules /proc/self/maps /proc/self/smaps; do [ ! -e $file ] || cat $file; done
        done' || return
    check 'read_hold: /proc/modules, /proc/self/maps and smaps' 0 "$(total_tables read_hold)"
    check 'read_wait: /proc/modules, /proc/self/maps and smaps' 0 "$(total_tables read_wait)"
}

# Nothing happens; and nothing but the probes' own bytes is otherwise in the kernel's text.
check_idle() {
    local site list=/sys/kernel/debug/kprobes/list
    grep -q ' /sys/kernel/debug ' /proc/mounts || mount -t debugfs debugfs /sys/kernel/debug
    text_diff dump /tmp/text
    traced >/tmp/traced
    dmesg -c >/dev/null
    # shellcheck disable=SC2016 # the inner shell's
    record idle sh -c 'sleep 2; cat $0 >/tmp/probes; cat $0 /tmp/traced >/tmp/places
        text_diff compare /tmp/text /tmp/probes >/tmp/of_probes; text_diff compare /tmp/text /tmp/places' "$list" || return
    # What it refuses it says there, a line each.
    check 'idle: lines of trace_kprobe in the kernel log' 0 "$(dmesg | grep -c trace_kprobe)"
    # Two probes may be at one place: listed twice, patched once.
    check 'text: listed probes patched' "$(awk '{ print $1 }' /tmp/probes | sort -u | wc -l)" "$(patches probes /tmp/of_probes)"
    # Where lock_wait is had by the contention tracepoints (PREEMPT_RT), those patch places of their own.
    if grep -q contention_begin "$RUN/run.json"; then
        row 'text: other patches' - "$(patches other)" - n/a
    else
        check 'text: other patches' 0 "$(patches other)"
    fi
    cat "$list" >/tmp/probes
    check 'text: probes left behind' 0 "$(wc -l </tmp/probes)"
    text_diff compare /tmp/text >/tmp/output
    check 'text: patches left behind' 0 "$(patches other)"
    for site in $SITES; do
        check "idle: read_retries $site" "$(if_known "$site")" "$(total mount_lock read_retries "$site")"
    done
    check 'idle: walk_fallbacks lookup' 0 "$(total mount_lock walk_fallbacks lookup)"
    check 'idle: walk_fallbacks open' 0 "$(total mount_lock walk_fallbacks open)"
    check 'idle: write_sections' 0 "$(total mount_lock write_sections)"
    check 'idle: read_hold' 0 "$(total_tables read_hold)"
    check 'idle: lost events' 0 "$(all_lost)"
}

# The places of the attach table, without those of instructions in many places: kernels with FPROBE do not list a probe on a
# function's entry, nor any kernel a fentry or fexit program.
traced() {
    mountscope probe --format json | awk -F'"' '
        $2 == "program" { program = $4 }
        $2 == "address" && program ~ /^(fexit|fentry|kprobe)$/ { print substr($4, 3) }' | sort -u
    # Where scans end: it feeds no series, and so is in no row.
    awk '$3 == "mounts_release" { print $1 }' /proc/kallsyms
}

# patches KIND [FILE]: how many text_diff has found.
patches() {
    awk -v kind="$1" '$1 == "probes" { for (i = 1; i < NF; i += 2) if ($i == kind) print $(i + 1) }' "${2:-/tmp/output}"
}

# 0, or - on kernels without a place to count a site at.
if_known() {
    case $KERNEL.$1 in
        5010.walk) echo - ;;
        *) echo 0 ;;
    esac
}

# programs_of SERIES: the programs of the oracle that count it.
programs_of() {
    case $1 in
        lookup_retries) echo lookup_mnt_entered legitimized_in_lookup ;;
        walk_retries) echo legitimized_in_walk legitimized_in_path handle_dots_entered handle_dots_left ;;
        dotdot_retries) echo legitimized_in_dots legitimized_in_path handle_dots_left ;;
        d_path_retries) echo prepend_path_locked ;;
        lookup_fallbacks_moved) echo lookupat_left ;;
        open_fallbacks_moved) echo openat_left ;;
        parent_fallbacks_moved) echo parentat_left ;;
    esac
}

# check_series LABEL METRIC SITE ORACLE: a series of mount_lock, held to what it and the oracle of it lost.
check_series() {
    # shellcheck disable=SC2046 # words
    check "$1: $2 $3" "$(oracle_number "$4")" "$(total mount_lock "$2" "$3")" \
        $(($(lost mount_lock "$2" "$3") + $(oracle_lost $(programs_of "$4"))))
}

check_stress() {
    local site expected
    record "$ATTACH stress" oracle --spins /tmp/spins -o /tmp/oracle.json mountscope load mix --remount 2 --stat 2 --open 1 --dotdot 1 --refwalk 2 --getcwd 1 \
        -d "${STRESS_SECONDS}s" || return
    for site in $SITES; do
        expected=$(oracle_number "${site}_retries")
        # Where there is nobody to meet, none need happen.
        [ "$expected" = - ] || [ "$(nproc)" -eq 1 ] ||
            check_some "$ATTACH stress: read_retries $site happen" "$(total mount_lock read_retries "$site")"
        check_series "$ATTACH stress" read_retries "$site" "${site}_retries"
    done
    for site in lookup open parent; do
        check_series "$ATTACH stress" walk_fallbacks "$site" "${site}_fallbacks_moved"
    done
    check "$ATTACH stress: CPU rows that do not sum" 0 "$(unequal_sums)"
    expected=0
    [ "$(oracle_number walk_retries)" != - ] || expected=-
    check "$ATTACH stress: callers unknown to the oracle" "$expected" "$(oracle_number unknown_caller)"
    row "$ATTACH stress: events lost, all causes" - "$(all_lost)" - n/a
    [ "$ATTACH" != function ] || return 0
    check_coverage "$ATTACH stress"
    check_spins "$ATTACH stress"
    check_spin_share "$ATTACH stress"
    matrix_stress
}

matrix_stress() {
    local site
    # The kernel's own count is the oracle of what is seen at its instructions.
    matrix mount_lock.write_acquires "$(total mount_lock write_sections)"
    matrix mount_lock.write_hold "$(total mount_lock write_sections)"
    for site in $SITES; do matrix "mount_lock.read_retries[$site]" "$(oracle_number "${site}_retries")"; done
    for site in lookup open parent; do
        matrix "mount_lock.walk_fallbacks[$site]" "$(oracle_number "${site}_fallbacks_moved")"
    done
    matrix mount_lock.lock_wait "$(oracle_number slow_locks)"
    matrix mount_lock.reader_spins "$(oracle_number spins)"
    matrix mount_lock.spin_iterations "$(oracle_number spin_turns)"
    for site in excl_acquires excl_hold spin_time reader_wait; do
        matrix "mount_lock.$site"
    done
}

# Walks that cost more than the probes may: the dearest go, every output says so, and the rest is within the budget. With the
# probes of functions, for there are few of them: taking a hundred instructions off lasts long under emulation.
check_budget() {
    local spent
    BUDGET=0.1
    # On one CPU, and so is who takes the probes off: emulation races with the patching of functions that other CPUs run.
    taskset -p 1 $$ >/dev/null
    record 'budget' mountscope load mix --remount 1 --stat 2 --open 1 -d 12s || return
    taskset -p ffffffff $$ >/dev/null
    BUDGET=off
    check_some 'budget: series that were taken off' "$(grep -c 'taken off after ' "$RUN/run.json")"
    check_some 'budget: notices of it' "$(grep -c 'unavailable from now on' "$SCRATCH/messages")"
    check 'budget: write_sections counted to the end' "$(intervals_with write_sections)" "$(intervals_with cpus_online)"
    spent=$(own_costs)
    row 'budget: cost of the probes an interval, percent' - "$spent" - n/a
    check_some 'budget: intervals over it' "$(over 0.1 "$spent")"
    check 'budget: of the last three intervals over it' 0 "$(over 0.1 "$(printf '%s\n' "$spent" | tr ' ' '\n' | tail -n 3)")"
}

# over LIMIT NUMBERS: how many numbers are over the limit.
over() {
    # shellcheck disable=SC2086 # words
    printf '%s\n' $2 | awk -v limit="$1" '$1 > limit { n++ } END { print n + 0 }'
}

# intervals_with METRIC: how many intervals know it.
intervals_with() {
    awk -F, -v metric="$1" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] == "all" && $column["metric"] == metric && $column["count"] != "" { n++ }
        END { print n + 0 }' "$RUN/intervals.csv"
}

# The probes' share of the time of all CPUs, in percent, of every interval.
own_costs() {
    awk -F, -v cpus="$(nproc)" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["metric"] == "own_cost" && $column["site"] == "probes" {
            printf "%s%.2f", n++ ? " " : "", 100 * $column["sum_ns"] / $column["dt_ns"] / cpus
        }' "$RUN/intervals.csv"
}

# Readers of the table while it changes: their reads, and the retries of the paths they print.
check_table_stress() {
    local reads metric oracle site
    record 'table stress' oracle -o /tmp/oracle.json mountscope load mix --remount 2 --mountinfo 2 --getcwd 1 \
        -d "${STRESS_SECONDS}s" || return
    reads=$(($(number read_calls /tmp/output) + $(number setup_read_calls /tmp/output)))
    check 'table stress: read_hold, read() calls' "$reads" "$(total namespace_sem read_hold mountinfo)" \
        "$(lost namespace_sem read_hold mountinfo)"
    for metric in read_wait read_hold; do
        oracle=start
        [ "$metric" = read_wait ] || oracle=stop
        check "table stress: $metric, oracle" "$(oracle_number "mountinfo_${oracle}s")" "$(total namespace_sem "$metric" mountinfo)" \
            $(($(lost namespace_sem "$metric" mountinfo) + $(oracle_lost "m_${oracle}_entered")))
    done
    matrix 'namespace_sem.read_wait[mountinfo]' "$(oracle_number mountinfo_starts)"
    matrix 'namespace_sem.read_hold[mountinfo]' "$(oracle_number mountinfo_stops)"
    for site in statmount listmount notify other; do matrix "namespace_sem.read_hold[$site]"; done
    matrix namespace_sem.write_wait
    matrix namespace_sem.write_hold
    check_series 'table stress' read_retries d_path d_path_retries
    check 'table stress: CPU rows that do not sum' 0 "$(unequal_sums)"
}

main() {
    oracle --find-spins >/tmp/spins
    check_sections bind 30
    check_sections remount 2000
    check_sections unshare 20
    check_table_reads 4096 0
    check_table_reads 65536 150
    check_dd
    check_namesakes
    check_stress
    check_budget
    ATTACH=auto
    check_idle
    check_stress
    check_table_stress
    check_read_waits
    check_calls
    check_known_actors
    check_unwatched
    check_second
    exit "$WRONG"
}

main
