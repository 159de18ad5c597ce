# The shares of whole intervals, against what lock_watch saw meanwhile.
#
# awk -v label=WHAT -v edges=SHARE -f against_watch.awk INTERVALS.csv WATCHED INTERVALS.csv
#
# An interval ends where the sequence has moved by twice the write sections that were counted so far; the first is left out,
# which began before the load. Prints lines of METRIC LABEL SAMPLED LOW HIGH TRUTH REACH, an interval each. The truth is known to
# +- REACH. Of read_hold SAMPLED is what was timed, and HIGH that and EDGES of it. Where holds were timed, also lines of read_duty
# with the label "holds": the time that a single reader held namespace_sem, over the time of the interval. The fields of WATCHED are those of lock_watch.c.
BEGIN { OFS = "\t"; still_lines = 8 }
FNR == 1 { FS = ++file == 2 ? " " : ","; $0 = $0 }
file == 2 {
    if ($2 < sequence[lines]) lines = stands = 0 # booted
    if ($2 == sequence[lines]) again++; else again = 0
    if (again == still_lines) stands++
    sequence[++lines] = $2
    if (again >= still_lines) { stand[stands] = $2; left[stands] = lines }
    for (i = 1; i <= 10; i++) seen[lines, i] = $i
    next
}
FNR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    if (file == 3) begin()
    next
}
$column["scope"] != "all" { next }
file == 1 { if ($column["metric"] == "write_sections") sections[last = $column["seq"]] = $column["count"]; next }
# Where it stood still before it moved as far as was counted in all.
function begin(  i, off, least) {
    for (i = 1; i <= last; i++) end[i] = end[i - 1] + 2 * sections[i]
    least = -1
    for (i = 1; i < stands; i++) {
        off = stand[i + 1] - stand[i] - end[last]
        if (off < 0) off = -off
        if (least < 0 || off < least) { least = off; start = stand[i]; first = left[i] }
    }
}
function at(where, what,  low, high, middle, step) {
    low = first; high = lines
    while (high - low > 1) {
        middle = int((low + high) / 2)
        if (sequence[middle] <= where) low = middle; else high = middle
    }
    step = sequence[high] - sequence[low]
    return seen[low, what] + (seen[high, what] - seen[low, what]) * (step ? (where - sequence[low]) / step : 0)
}
{
    name = $column["lock"] "." $column["metric"]; interval = $column["seq"]
    if (name == "namespace_sem.read_hold" && $column["count"] > 0) held[interval] += $column["sum_ns"] / $column["dt_ns"]
    what = name == "mount_lock.write_duty" ? 3 : name == "mount_lock.lock_duty" ? 4 : \
        name == "namespace_sem.read_duty" ? 5 : name == "namespace_sem.write_duty" ? 6 : 0
    if (!what || $column["share"] == "" || $column["dt_ns"] < 5e8) next
    sampled = $column["share"] OFS $column["share_lo"] OFS $column["share_hi"]
    if (name == "namespace_sem.read_duty") duty[interval] = sampled
    if (interval == 1) next
    from = start + end[interval - 1]; to = start + end[interval]
    looks = at(to, 1) - at(from, 1)
    if (looks < 100) next
    share = (at(to, what) - at(from, what)) / looks
    # As the sampler does: fewer looks count where they repeat one another.
    again = share > 0 && share < 1 ? ((at(to, what + 4) - at(from, what + 4)) / (share * looks) - share) / (1 - share) : 0
    if (again < 0) again = 0
    if (again > 0.999) again = 0.999
    # Agresti and Coull: two more of either kind, so that nothing seen is not taken for certainty.
    looks *= (1 - again) / (1 + again)
    likely = (share * looks + 2) / (looks + 4)
    reach = 1.96 * sqrt(likely * (1 - likely) / (looks + 4))
    if (label == "watch" || name == "namespace_sem.read_duty")
        print name, label, sampled, share, reach
    if (name == "namespace_sem.read_duty") { truth[interval] = share; reaches[interval] = reach }
}
END {
    for (interval in held) {
        if (interval in duty) print "namespace_sem.read_duty", "holds", duty[interval], held[interval], 0
        if (interval in truth)
            print "namespace_sem.read_hold", label, held[interval], held[interval], held[interval] * (1 + edges), \
                truth[interval], reaches[interval]
    }
}
