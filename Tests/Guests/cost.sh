# shellcheck shell=dash
# What watching adds to single operations, in instructions. Run by busybox sh in a guest whose clock counts them (see
# scripts/measure-cost), with /bin/mountscope and /bin/operations there, and other tools where they could be had. Prints
# WATCHER, OPERATION and the instructions of one operation, separated by tabs; the watcher `none` twice, before and after.

: "${ROUNDS:=100}"
: "${REPEATS:=4}"
: "${MODES:=cold function auto}"
TAB=$(printf '\t')

# What bpftrace needs to count failed validations and walks that are done again.
WALKS='fexit:__legitimize_mnt /retval != 0/ { @failed = count(); }
fexit:path_lookupat /retval == -10/ { @redone["lookup"] = count(); }
fexit:path_openat /(int64)retval == -10/ { @redone["open"] = count(); }'
# Functions that not every kernel has.
DOTS='fexit:handle_dots /(int64)retval == -10 || (int64)retval == -11/ { @dots = count(); }'
PARENTS='fexit:path_parentat /retval == -10/ { @redone["parent"] = count(); }'
# Waits and holds of namespace_sem's readers. By the semaphore: m_stop is the name of several functions.
HOLDS='fentry:down_read /(uint64)args.sem == kaddr("namespace_sem")/ { @asked[tid] = nsecs; }
fexit:down_read /@asked[tid]/ { @wait = hist(nsecs - @asked[tid]); @had[tid] = nsecs; delete(@asked[tid]); }
fentry:up_read /(uint64)args.sem == kaddr("namespace_sem") && @had[tid]/ {
    @hold = hist(nsecs - @had[tid]); delete(@had[tid]); }'

begin() {
    mkfifo /tmp/ask /tmp/answer
    operations /tmp/ask /tmp/answer &
    # The kernel makes jumps of breakpoints some time after they were set; and what an allocator does depends on what it did
    # before (an open on 5.10: 10,657 or 10,989 instructions, by the minute), so the least of several measurements counts.
    cat >/bin/measure <<SCRIPT
#!/bin/sh
for i in \$(seq $REPEATS); do
    sleep 1
    echo $ROUNDS >/tmp/ask
    cat /tmp/answer
done | awk -F '\t' -v OFS='\t' '
    !(\$1 in least) { name[++names] = \$1; least[\$1] = \$2 }
    \$2 < least[\$1] { least[\$1] = \$2 }
    END { for (i = 1; i <= names; i++) print name[i], least[name[i]] }' >/tmp/times
SCRIPT
    chmod 755 /bin/measure
}

# report WATCHER: what the last measurement said.
report() {
    if [ -s /tmp/times ]; then
        sed "s/^/$1$TAB/" /tmp/times
    else
        echo "$1$TAB-$TAB-"
    fi
    rm -f /tmp/times
}

has_function() {
    grep -q " [tT] $1\$" /proc/kallsyms
}

watch_with_mountscope() {
    local mode who
    for mode in $MODES; do
        for who in off on; do
            mountscope record --attach "$mode" --who $who --force -i 60s -o /tmp/run -- measure 2>/tmp/messages ||
                cat /tmp/messages >&2
            report "mountscope $mode, who $who"
        done
    done
}

# bpftrace NAME PROGRAM
watch_with_bpftrace() {
    [ -e /bin/bpftrace ] || return 0
    bpftrace -e "$2" -c '/bin/busybox sh /bin/measure' >/tmp/messages 2>&1 || cat /tmp/messages >&2
    report "bpftrace $1"
}

watch_with_klockstat() {
    local pid
    [ -e /bin/klockstat ] || return 0
    klockstat >/tmp/messages 2>&1 &
    pid=$!
    sleep 5
    kill -0 $pid 2>/dev/null && measure
    kill -INT $pid
    wait $pid
    [ -s /tmp/times ] || cat /tmp/messages >&2
    report klockstat
}

walks() {
    printf '%s\n' "$WALKS"
    ! has_function handle_dots || printf '%s\n' "$DOTS"
    ! has_function path_parentat || printf '%s\n' "$PARENTS"
}

begin
measure
measure
report none
watch_with_mountscope
watch_with_bpftrace walks "$(walks)"
watch_with_bpftrace holds "$HOLDS"
watch_with_klockstat
measure
report none
