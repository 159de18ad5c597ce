# shellcheck shell=dash
# Calls that take namespace_sem in their own bodies: whether those take probes or not, each call is one wait and one hold. Part
# of checks.sh; with /bin/mount_calls there.

# Each of them a different number of times, which a mix-up of two would show.
# shellcheck disable=SC2016 # the inner shell's
MAKE_CALLS='n=$1
shift
for call; do
    mount_calls $call $n || exit
    n=$((n + 7))
done'

check_calls() {
    local metric
    record 'calls' sh -c "$MAKE_CALLS" sh 40 statmount listmount mount_setattr move_mount set_group pivot_root || return
    compare_calls calls no_losses
    check 'calls: unmatched' 0 "$(total mountscope lost_events unmatched)"
    for metric in 'read_hold[statmount]' 'read_hold[listmount]' 'write_hold[mount_setattr]' 'write_hold[move_mount]' \
        'write_hold[pivot_root]'; do
        matrix "namespace_sem.$metric"
    done
    # While others hold it.
    # shellcheck disable=SC2016 # the inner shell's
    record 'contended calls' sh -c 'mountscope load mix --bind 1 --unshare 1 --mountinfo 1 -d "$0s" >/dev/null & sleep 1
        sh -c "$@" && wait' "$STRESS_SECONDS" "$MAKE_CALLS" sh 10000 statmount listmount mount_setattr move_mount set_group || return
    compare_calls 'contended calls' losses
    [ "$(calls_made statmount)" = - ] || [ "$(nproc)" -eq 1 ] || realtime ||
        check_some 'contended calls: nanoseconds that statmount and listmount wait' \
            $(($(total_ns namespace_sem read_wait statmount) + $(total_ns namespace_sem read_wait listmount)))
}

# compare_calls LABEL losses | no_losses: whether events may be lost.
compare_calls() {
    local metric moves
    for metric in read_wait read_hold; do
        check_call "$1" "$metric" statmount "$(calls_made statmount)" "$2"
        check_call "$1" "$metric" listmount "$(calls_made listmount)" "$2"
    done
    moves=$(calls_made move_mount set_group)
    for metric in write_wait write_hold; do
        check_call "$1" "$metric" mount_setattr "$(calls_made mount_setattr)" "$2"
        check_call "$1" "$metric" move_mount "$moves" "$2"
        [ -z "$(calls_made pivot_root)" ] || check_call "$1" "$metric" pivot_root "$(calls_made pivot_root)" "$2"
    done
}

# check_call LABEL METRIC SITE EXPECTED losses | no_losses: PREEMPT_RT has no function that only those who wait call, so that a wait
# is not known there where the call refuses probes.
check_call() {
    local got expected=$4 allowed=0
    got=$(total namespace_sem "$2" "$3")
    [ "$5" = no_losses ] || allowed=$(lost namespace_sem "$2" "$3")
    case $2 in
        *_wait) [ -n "$got" ] || ! realtime || expected=- ;;
    esac
    check "$1: $2 $3" "$expected" "$got" "$allowed"
}

# calls_made CALL...: as the program says, together; - where this kernel has no such call.
calls_made() {
    awk -v calls=" $* " '
        index(calls, " " $1 " ") { known = 1; if ($2 != "-") { sum += $2; made = 1 } }
        END { if (known) print made ? sum : "-" }' /tmp/output
}
