# shellcheck shell=sh disable=SC3043
# Who did it: the rows by actor add up to the series, and name those that did it. Sourced behind library.sh.

# unequal_actors LABEL: series whose events or times by actor are not those of the machine, each with both sums. Of series that
# were known all the time, and that count by actor.
unequal_actors() {
    awk -F, '
        FNR == 1 { delete column; for (i = 1; i <= NF; i++) column[$i] = i; file++; next }
        file == 1 {
            if ($column["scope"] != "all" || $column["site"] == "unwatched" || $column["lock"] == "mountscope") next
            name = $column["lock"] "." $column["metric"] "[" $column["site"] "]"
            if ($column["count"] == "") unknown[name] = 1
            count[name] += $column["count"]; time[name] += $column["sum_ns"]
            next
        }
        {
            name = $column["lock"] "." $column["metric"] "[" $column["site"] "]"
            seen[name] = 1
            counts[name] += $column["count"]; times[name] += $column["sum_ns"]
        }
        END {
            for (name in seen)
                if (!unknown[name] && (counts[name] != count[name] || times[name] != time[name]))
                    printf "%s %.0f %.0f, by actor %.0f %.0f\n", name, count[name], time[name], counts[name], times[name]
        }' "$RUN/intervals.csv" "$RUN/tasks.csv"
}

# check_actors LABEL: after a run whose load has stopped.
check_actors() {
    local unequal
    [ -s "$RUN/tasks.csv" ] || return 0
    check_some "$1: rows by actor" "$(($(wc -l <"$RUN/tasks.csv") - 1))"
    unequal=$(unequal_actors)
    [ -z "$unequal" ] || echo "$unequal" >&2
    check "$1: series that actors do not add up to" 0 "$(printf '%s' "$unequal" | grep -c .)"
}

# by_group METRIC CGROUP: the events of actors in a cgroup, whose path ends so.
by_group() {
    awk -F, -v metric="$1" -v group="$2" '
        FNR == 1 { delete column; for (i = 1; i <= NF; i++) column[$i] = i; file++; next }
        file == 1 { if ($column["cgroup"] ~ group "$") mine[$column["actor"]] = 1; next }
        $column["metric"] == metric && mine[$column["actor"]] { sum += $column["count"] }
        END { printf "%.0f\n", sum }' "$RUN/actors.csv" "$RUN/tasks.csv"
}

# scans_of CGROUP COLUMN: of mountinfo.
scans_of() {
    awk -F, -v group="$1" -v wanted="$2" '
        FNR == 1 { delete column; for (i = 1; i <= NF; i++) column[$i] = i; file++; next }
        file == 1 { if ($column["cgroup"] ~ group "$") mine[$column["actor"]] = 1; next }
        $column["table"] == "mountinfo" && mine[$column["actor"]] { sum += $column[wanted] }
        END { printf "%.0f\n", sum }' "$RUN/actors.csv" "$RUN/scans.csv"
}

# A writer, two readers and a bystander, in groups of their own, whose doings are known.
known_actors() {
    cat <<'END'
in_group() {
    local name=$1
    shift
    mkdir -p "/tmp/cgroup/$name"
    sh -c 'echo $$ >"/tmp/cgroup/$0/cgroup.procs"; exec "$@"' "$name" "$@"
}
in_group writer mountscope load remount -n 2000 >/dev/null
in_group blind sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do while read -r line; do :; done </proc/1/mountinfo; done'
in_group abandons dd if=/proc/1/mountinfo of=/dev/null bs=256 count=1 2>/dev/null
in_group bystander mountscope load stat -n 1000 >/dev/null
END
}

check_known_actors() {
    mkdir -p /tmp/cgroup
    mount -t cgroup2 none /tmp/cgroup || return 0
    known_actors >/tmp/known_actors
    WHO=on
    record 'known actors' sh /tmp/known_actors || return
    WHO=
    [ -s "$RUN/tasks.csv" ] || return 0
    check_actors 'known actors'
    if grep -q ',write_hold,' "$RUN/tasks.csv"; then
        check_some 'known actors: write sections of the writer, 2000 and more' \
            "$(($(by_group write_acquires /writer) > 1999))"
        check 'known actors: write sections of the readers' 0 "$(by_group write_acquires /blind)"
    fi
    if [ -s "$RUN/scans.csv" ] && [ "$(wc -l <"$RUN/scans.csv")" -gt 1 ]; then
        check 'known actors: scans of the blind reader' 10 "$(scans_of /blind complete)"
        check 'known actors: redundant ones of it' 9 "$(scans_of /blind redundant)"
        check 'known actors: abandoned scans' 1 "$(scans_of /abandons abandoned)"
        check 'known actors: complete scans of who abandons' 0 "$(scans_of /abandons complete)"
    fi
}
