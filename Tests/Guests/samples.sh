# shellcheck shell=dash
# Runs of which scripts/check-samples judges the samples: run by busybox sh in a guest, with LOAD_SECONDS and HERTZ put before it.
# Prints files, each line behind a letter and a blank: R the intervals of a run with every kind of load, H those of a run with one
# reader of mountinfo, each of whose holds is timed.

sampled() {
    local out=$1 attach=$2
    shift 2
    # mount_lock's sequence stands still for a while: tells where in what lock_watch saw the run begins.
    sleep 1
    mountscope record -o "$out" -i 1s --attach "$attach" --sample-hz "$HERTZ" --budget off -- "$@" >/tmp/output 2>/tmp/error ||
        { cat /tmp/output /tmp/error >&2; exit 1; }
    sleep 1
}

sampled /tmp/watched sample \
    mountscope load mix --remount 2 --bind 1 --unshare 1 --stat 1 --mountinfo 1 -d "${LOAD_SECONDS}s"
# Without writers of namespace_sem: a reader that waited is granted it some time before it runs and its hold is timed.
sampled /tmp/held auto mountscope load mix --remount 1 --mountinfo 1 -d "${LOAD_SECONDS}s"
sed 's/^/R /' /tmp/watched/intervals.csv
sed 's/^/H /' /tmp/held/intervals.csv
