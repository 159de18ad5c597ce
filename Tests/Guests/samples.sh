# shellcheck shell=dash
# How often the sampler's 95 % intervals hold what they should: run by busybox sh in a guest, see scripts/check-samples, which
# puts LOAD_SECONDS and HERTZ before it. Prints METRIC, AGAINST, INTERVALS, COVERED, SAMPLED, TRUTH and VERDICT, separated by
# tabs. Exits 1 where a verdict is WRONG.

# Of this many intervals in a hundred the truth must lie within: it is sampled too, and a few intervals are few.
LEAST=75

# verdicts: lines of METRIC AGAINST SAMPLED LOW HIGH TRUTH REACH, an interval each. The truth is known to +- REACH; the two
# differ by no more than the root of the sum of both reaches' squares.
verdicts() {
    awk -v least="$LEAST" -v OFS='\t' '
        { key = $1 "\t" $2; n[key]++; lines++; sampled[key] += $3; truth[key] += $6
          reach = $6 > $3 ? $5 - $3 : $3 - $4
          if (($6 - $3) ^ 2 <= reach ^ 2 + $7 ^ 2 + 1e-12) inside[key]++ }
        END {
            if (!lines) print "samples", "-", 0, 0, "-", "-", "WRONG"
            for (key in n) {
                verdict = n[key] < 5 || truth[key] == 0 ? "n/a" : 100 * inside[key] >= least * n[key] ? "ok" : "WRONG"
                print key, n[key], inside[key] + 0, sprintf("%.4f", sampled[key] / n[key]), sprintf("%.4f", truth[key] / n[key]), verdict
            }
        }' | sort
}

# The shares of whole intervals, against what lock_watch saw meanwhile.
against_watch() {
    awk -v OFS='\t' '
        FNR == NR { t[++lines] = $1; for (i = 2; i <= 10; i++) seen[lines, i] = $i; next }
        FNR == 1 { FS = ","; $0 = $0; for (i = 1; i <= NF; i++) column[$i] = i; next }
        function at(time, what,  low) {
            for (low = 1; low < lines - 1 && t[low + 1] <= time; low++);
            return seen[low, what] + (seen[low + 1, what] - seen[low, what]) * (time - t[low]) / (t[low + 1] - t[low])
        }
        {
            name = $column["lock"] "." $column["metric"]; end = $column["t_mono_ns"]; start = end - $column["dt_ns"]
            what = name == "mount_lock.write_duty" ? 3 : name == "mount_lock.lock_duty" ? 4 : \
                name == "namespace_sem.read_duty" ? 5 : name == "namespace_sem.write_duty" ? 6 : 0
            if (!what || $column["share"] == "" || start < t[1] || end > t[lines] || $column["dt_ns"] < 5e8) next
            looks = at(end, 2) - at(start, 2)
            if (looks < 100) next
            share = (at(end, what) - at(start, what)) / looks
            # As the sampler does: fewer looks count where they repeat one another.
            again = share > 0 && share < 1 ? ((at(end, what + 4) - at(start, what + 4)) / (share * looks) - share) / (1 - share) : 0
            if (again < 0) again = 0
            if (again > 0.999) again = 0.999
            reach = 1.96 * sqrt(share * (1 - share) / looks * (1 + again) / (1 - again))
            print name, "watch", $column["share"], $column["share_lo"], $column["share_hi"], share, reach
        }' "$2" "$1"
}

# The time that a single reader held namespace_sem, over the time of the interval: holds of one task do not overlap. The
# semaphore is held for somewhat longer than can be timed from behind down_read to the call of m_stop.
against_holds() {
    awk -F, -v OFS='\t' '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["scope"] != "all" || $column["dt_ns"] < 5e8 { next }
        $column["lock"] != "namespace_sem" { next }
        $column["metric"] == "read_hold" { held[$column["seq"]] += $column["sum_ns"] / $column["dt_ns"] }
        $column["metric"] == "read_duty" { n[$column["seq"]] = $column["share"] OFS $column["share_lo"] OFS $column["share_hi"] }
        END { for (seq in n) print "namespace_sem.read_duty", "holds", n[seq], held[seq], 0 }' "$1"
}

sampled() {
    local out=$1 attach=$2
    shift 2
    mountscope record -o "$out" -i 1s --attach "$attach" --sample-hz "$HERTZ" --budget off -- "$@" >/tmp/output 2>/tmp/error ||
        { cat /tmp/output /tmp/error >&2; exit 1; }
}

sampled /tmp/watched sample lock_watch $(($(nproc) - 1)) /tmp/watch \
    mountscope load mix --remount 2 --bind 1 --stat 2 --mountinfo 1 -d "${LOAD_SECONDS}s"
sampled /tmp/held function mountscope load mix --remount 1 --bind 1 --stat 1 --mountinfo 1 -d "${LOAD_SECONDS}s"
{
    against_watch /tmp/watched/intervals.csv /tmp/watch
    against_holds /tmp/held/intervals.csv
} | verdicts | tee /tmp/verdicts
! grep -q WRONG /tmp/verdicts
