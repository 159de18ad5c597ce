# shellcheck shell=dash
# What the checks in a guest have in common: rows of results, recordings, and their sums. Put before them by
# scripts/check-guests, together with STRESS_SECONDS.
#
# A check prints one line, separated by tabs:
#
#     CHECK  EXPECTED  GOT  DIFFERENCE  VERDICT
#
# EXPECTED is a number, >0, or - where this kernel or the oracle knows none. VERDICT is ok, n/a, WRONG, "lost, at most N"
# (the difference is no more than the N events that this series or its oracle reported lost), or "within N to M" (a time
# between two others). A line of the matrix begins with `=`:
#
#     =  METRIC  MODE  COUNT  ORACLE  DIFFERENCE

: "${STRESS_SECONDS:=15}"
TAB=$(printf '\t')
WRONG=0
# MAJOR * 1000 + MINOR: 6012 for 6.12.
KERNEL=$(uname -r | awk -F. '{ print $1 * 1000 + $2 }')
FILES='mountinfo mounts mountstats'
# Where runs and outputs go.
: "${SCRATCH:=/tmp}"
export SCRATCH
RUN=$SCRATCH/run
# How record attaches. Probes on every instruction of the locks take half a minute to come and go under emulation: only
# checks that are about them pay for it.
ATTACH=function
# What the probes may cost: emulation makes them a hundred times dearer than they are, so they would soon be taken off.
BUDGET=off
# Whether events are counted by actor too; empty: where mountscope does that by itself.
WHO=

# Reporting ----------------------------------------------------------------------------------------------------------

row() {
    printf '%s\n' "$1$TAB$2$TAB$3$TAB$4$TAB$5"
    [ "$5" != WRONG ] || WRONG=1
}

# check NAME EXPECTED GOT [ALLOWED]: an exact count, but for ALLOWED events: those that this series, or the oracle of it, is
# known to have lost.
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
            row "$1" "$2" "$3" "$difference" "lost, at most $4"
        else
            row "$1" "$2" "$3" "$difference" WRONG
        fi
    fi
}

# matrix METRIC ORACLE: a metric's line for the matrix: `mount_lock.read_retries[walk]`, in every mode it has had.
matrix() {
    local oracle=${2:--}
    [ -e "$RUN/intervals.csv" ] || return 0
    awk -F, -v wanted="$1" -v oracle="$oracle" -v OFS='\t' '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] != "all" { next }
        { name = $column["lock"] "." $column["metric"]; full = name "[" $column["site"] "]" }
        wanted != name && wanted != full { next }
        $column["site"] == "unwatched" { next }
        !seen[$column["mode"]]++ { modes = modes (modes == "" ? "" : "+") $column["mode"] }
        $column["count"] != "" { sum += $column["count"]; known = 1 }
        END {
            if (modes == "") exit
            count = known ? sprintf("%.0f", sum) : "-"
            difference = known && oracle != "-" ? count - oracle : "-"
            print "=", wanted, modes, count, oracle, difference
        }' "$RUN/intervals.csv"
}

check_some() {
    if [ "${2:-0}" -gt 0 ]; then
        row "$1" '>0' "$2" - ok
    else
        row "$1" '>0' "${2:-unknown}" - WRONG
    fi
}

# check_between NAME LEAST MOST GOT: a time that two others of the oracle's bound.
check_between() {
    if [ "$2" = - ]; then
        row "$1" - "${4:--}" - n/a
    elif [ -z "$2" ] || [ -z "$3" ] || [ -z "$4" ]; then
        row "$1" "${2:-unknown}" "${4:-unknown}" - WRONG
    elif [ "$4" -ge "$2" ] && [ "$4" -le "$3" ]; then
        row "$1" "$2" "$4" $(($4 - $2)) "within $2 to $3"
    else
        row "$1" "$2 to $3" "$4" - WRONG
    fi
}

# Recordings ---------------------------------------------------------------------------------------------------------

# record LABEL COMMAND...: a run of COMMAND in $RUN; the command's output in $SCRATCH/output. The pause at the end is for
# mounts that a work queue puts away after the process is gone.
record() {
    local label=$1
    shift
    rm -rf "$SCRATCH/output" "$SCRATCH/status" "$RUN"
    # shellcheck disable=SC2016 # the inner shell's
    if ! mountscope record ${WHO:+--who "$WHO"} --budget "$BUDGET" --attach "$ATTACH" -o "$RUN" -- sh -c '"$@" >"$SCRATCH/output"; echo $? >"$SCRATCH/status"; sleep 1' sh "$@" \
        >"$SCRATCH/messages" 2>&1; then
        row "record: $label" 0 failed - WRONG
    elif [ "$(cat "$SCRATCH/status")" != 0 ]; then
        row "record: $label" 0 "$(cat "$SCRATCH/status")" - WRONG
    else
        return 0
    fi
    cat "$SCRATCH/messages" >&2
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

# total_ns LOCK METRIC [SITE]: the time of a run's events, nanoseconds.
total_ns() {
    awk -F, -v lock="$1" -v metric="$2" -v site="${3:-}" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] == "all" && $column["lock"] == lock && $column["metric"] == metric &&
            (site == "" || $column["site"] == site) { sum += $column["sum_ns"] }
        END { printf "%.0f\n", sum }' "$RUN/intervals.csv"
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

# lost LOCK METRIC [SITE]: what this series is known to have lost in a run. Of several sites, which bear what their lock lost
# together, the one that bears most.
lost() {
    [ -e "$RUN/intervals.csv" ] || return 0
    awk -F, -v lock="$1" -v metric="$2" -v site="${3:-}" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] != "all" || $column["lock"] != lock || $column["metric"] != metric { next }
        site != "" && $column["site"] != site { next }
        { sum[$column["site"]] += $column["lost"] }
        END { for (one in sum) if (sum[one] > most) most = sum[one]; printf "%.0f\n", most }' "$RUN/intervals.csv"
}

# Events of all causes that this kernel counts. A sample that was not taken is no event that a count lacks.
all_lost() {
    awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] == "all" && $column["metric"] == "lost_events" && $column["site"] !~ /^(missed_sample|scan_full|blame_full|name_full)$/ { sum += $column["count"] }
        END { printf "%.0f\n", sum }' "$RUN/intervals.csv"
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
        write_hold* | exclusive_hold* | excl_hold*) [ "$(number times_holds /tmp/oracle.json)" = 1 ] || value=- ;;
        spin*) ! realtime || value=- ;;
        *_wait*) ! realtime || value=- ;;
    esac
    printf '%s\n' "$value"
}

# minus A B: - where A is; nothing where one of them is not known.
minus() {
    if [ "$1" = - ]; then
        echo -
    elif [ -n "$1" ] && [ -n "$2" ]; then
        echo $(($1 - $2))
    fi
}

# oracle_lost PROGRAM...: what these programs of the oracle were not run for.
oracle_lost() {
    local program sum=0
    for program; do sum=$((sum + $(number "lost_$program" /tmp/oracle.json))); done
    echo "$sum"
}

realtime() {
    grep -q ' rt_spin_lock$' /proc/kallsyms
}
