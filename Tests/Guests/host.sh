# shellcheck shell=dash
# The machine's own kernel, whatever it allows: what is exact must come out, and what cannot be had must say so. Run behind
# library.sh, as root, with mountscope in PATH. Nothing stays mounted: the loads have a mount namespace of their own.

ATTACH=all

# As many operations twice, and a run with none: other processes of the machine may mount too, so the smaller of the two.
check_sections() {
    local idle first second each=1
    record 'none' mountscope load remount -n 0 || return
    idle=$(total mount_lock write_sections)
    record '2000 remount' mountscope load remount -n 2000 || return
    first=$(($(total mount_lock write_sections) - idle))
    record '2000 remount' mountscope load remount -n 2000 || return
    second=$(($(total mount_lock write_sections) - idle))
    [ "$(uname -r | cut -d. -f1)" -ge 6 ] || each=2
    check 'sections: 2000 remount' $((2000 * each)) $((first < second ? first : second))
    matrix mount_lock.write_sections $((2000 * each + idle))
}

# Every series has a value, or a mode that says it has none.
check_modes() {
    local empty
    record 'load' mountscope load mix --remount 2 --bind 1 --stat 1 --open 1 --getcwd 1 --mountinfo 1 -d "${STRESS_SECONDS}s" || return
    empty=$(awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] == "all" && ($column["mode"] == "unavailable") != ($column["count"] == "") { n++; print >"/dev/stderr" }
        END { print n + 0 }' "$RUN/intervals.csv")
    check 'modes: series without a value that are not unavailable, or the reverse' 0 "$empty"
    check 'modes: CPU rows that do not sum' 0 "$(unequal_sums)"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] == "all" && $column["lock"] != "mountscope" { print $column["lock"] "." $column["metric"] }' \
        "$RUN/intervals.csv" | awk '!seen[$0]++' >"$SCRATCH/metrics"
    while read -r metric; do matrix "$metric"; done <"$SCRATCH/metrics"
}

check_sections
check_modes
exit "$WRONG"
