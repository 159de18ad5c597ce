# shellcheck shell=dash
# A guest with many more possible CPUs than it has: every CPU's row, what reading them costs, and CPUs that go offline and
# come back while a run goes on. Run behind library.sh, with `maxcpus=` on the kernel's command line.

ATTACH=auto
CPUS=/sys/devices/system/cpu

# How many rows of a series have this scope and, where given, this count, in the last interval.
rows() {
    awk -F, -v metric="$1" -v scope="$2" -v count="${3:-}" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["seq"] != seq { seq = $column["seq"]; n = 0 }
        $column["metric"] == metric && $column["scope"] == scope && (count == "" || $column["count"] == count) { n++ }
        END { print n + 0 }' "$RUN/intervals.csv"
}

# numbers FILE: how many CPUs a list such as 0-3,8 names.
numbers() {
    tr ',' '\n' <"$1" | awk -F- '{ n += ($2 == "" ? $1 : $2) - $1 + 1 } END { print n + 0 }'
}

# column NAME METRIC SITE: the sum of a column over the `all` rows of a series.
column() {
    awk -F, -v wanted="$1" -v metric="$2" -v site="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] == "all" && $column["metric"] == metric && $column["site"] == site { sum += $column[wanted] }
        END { printf "%.0f\n", sum }' "$RUN/intervals.csv"
}

check_rows() {
    local possible online
    # shellcheck disable=SC2016 # the inner shell's
    record 'rows' sh -c 'mountscope load mix --remount 2 --stat 2 --mountinfo 1 --getcwd 1 -d 5s
        grep -E "VmHWM|VmRSS" /proc/$(pidof mountscope | tr " " "\n" | sort -n | head -n 1)/status >/tmp/memory' || return
    possible=$(numbers $CPUS/possible)
    online=$(numbers $CPUS/online)
    check 'rows: one for each possible CPU' "$possible" "$(rows cpus_online cpu)"
    check 'rows: CPUs told to be online' "$online" "$(rows cpus_online cpu 1)"
    check 'rows: CPUs told to be offline' $((possible - online)) "$(rows cpus_online cpu 0)"
    check 'rows: an idle CPU that is online has one' "$online" "$(rows excl_hold cpu)"
    check 'rows: CPU rows that do not sum' 0 "$(unequal_sums)"
    check 'rows: write_acquires, the sequence' "$(total mount_lock write_sections)" "$(seen write_acquires)" $((1 + $(lost mount_lock write_acquires)))
    row 'memory: peak of mountscope, kB' - "$(awk '$1 == "VmHWM:" { print $2 }' /tmp/memory)" - n/a
    row 'refresh: CPU time of mountscope a snapshot, us (emulated)' - \
        $(($(column sum_ns own_cost process) / 1000 / $(column count own_cost process))) - n/a
}

# One CPU goes while it is busy and comes back; another comes that was not there when the run began.
check_hotplug() {
    # shellcheck disable=SC2016 # the inner shell's
    record 'hotplug' sh -c 'mountscope load mix --remount 2 --stat 4 --mountinfo 1 --getcwd 1 -d 14s & sleep 3
        echo 0 >$0/cpu3/online; sleep 3; cat $0/online >/tmp/without; echo 1 >$0/cpu3/online
        echo 1 >$0/cpu$1/online; sleep 3; cat $0/online >/tmp/with; wait' "$CPUS" "$(numbers $CPUS/online)" || return
    row 'hotplug: CPUs, one gone, all and one more' - "$(cat /tmp/without) then $(cat /tmp/with)" - n/a
    check 'hotplug: CPU rows that do not sum' 0 "$(unequal_sums)"
    check 'hotplug: write_acquires, the sequence' "$(total mount_lock write_sections)" "$(seen write_acquires)" $((1 + $(lost mount_lock write_acquires)))
    check 'hotplug: write_hold, write_acquires' "$(seen write_acquires)" "$(total mount_lock write_hold)" $((1 + $(lost mount_lock write_hold)))
    check 'hotplug: CPUs online at the end' "$(numbers $CPUS/online)" "$(rows cpus_online cpu 1)"
    check_some 'hotplug: intervals that tell of a CPU less' "$(awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["metric"] == "cpus_online" && $column["cpu"] == 3 && $column["count"] == 0 { n++ }
        END { print n + 0 }' "$RUN/intervals.csv")"
}

check_rows
check_hotplug
exit "$WRONG"
