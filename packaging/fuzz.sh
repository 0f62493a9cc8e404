#!/usr/bin/env bash
# Feeds the readers of bytes that others write what nobody would write: tests/fuzz with libFuzzer.
#
#   packaging/fuzz.sh [--seconds N | --minutes N] [--seed N] [--merge] [TARGET…]
#
# --seconds: for each target (default 60). --minutes: for all of them together. --seed: the same
# inputs again, as far as time allows, and nothing of earlier runs; without it every run tries
# others. --merge: adds the smallest set of inputs that reaches new code to tests/fuzz/corpus.
# Without targets: all.
# Ends with a table, and with an error at a finding, whose input it names. Put that input into
# tests/fuzz/corpus/TARGET when it is repaired: the unit tests play it from then on.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60
minutes=
seed=
merge=
targets=()
while (($# > 0)); do
    case $1 in
        --seconds) seconds=$2; shift ;;
        --minutes) minutes=$2; shift ;;
        --seed) seed=$2; shift ;;
        --merge) merge=yes ;;
        -*) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
        *) targets+=("$1") ;;
    esac
    shift
done

packaging/deps.sh --with fuzz
. packaging/lib.sh

configure fuzz
mapfile -t known < <(sed -n 's/^ *{"\([a-z_]*\)", [a-z_]*},$/\1/p' tests/fuzz/target.cpp)
((${#targets[@]} > 0)) || targets=("${known[@]}")
for target in "${targets[@]}"; do
    if [[ " ${known[*]} " != *" $target "* ]]; then
        echo "fuzz.sh: no target $target; there are: ${known[*]}" >&2
        exit 2
    fi
done
if [[ -n $minutes ]]; then
    seconds=$((minutes * 60 * jobs / ${#targets[@]}))
    ((seconds > 0)) || seconds=1
fi
build fuzz "${targets[@]/#/fuzz_}"

work=$PWD/build/fuzz/work

# A target reads and writes its own folder, so all of them can run at once.
run_target() {
    local target=$1 seconds=$2 work=$3 seed=$4
    local own=$work/$target corpus=$PWD/tests/fuzz/corpus/$target
    local dictionary=tests/fuzz/dictionary/${target}.dict options=()
    case $target in
        line_* | json_line) dictionary=tests/fuzz/dictionary/line.dict ;;
        qfpay_*) dictionary=tests/fuzz/dictionary/qfpay.dict ;;
        *_answer | settlement | tolerant_json | notification)
            dictionary=tests/fuzz/dictionary/cloud.dict ;;
        http_request) dictionary=tests/fuzz/dictionary/http.dict ;;
    esac
    [[ ! -f $dictionary ]] || options+=("-dict=$dictionary")
    [[ -z $seed ]] || options+=("-seed=$seed")
    [[ -z $seed ]] || rm -rf "$own/found"
    rm -rf "$own/bad"
    mkdir -p "$own/found" "$own/bad"
    local status=0
    build/fuzz/bin/fuzz_"$target" "${options[@]}" -max_total_time="$seconds" -max_len=4096 \
        -timeout=30 -rss_limit_mb=4096 -print_final_stats=1 -artifact_prefix="$own/bad/" \
        "$own/found" "$corpus" >"$own/log" 2>&1 || status=$?
    echo "$status" >"$own/status"
}
export -f run_target

printf '%s\n' "${targets[@]}" |
    xargs -P "$jobs" -I{} bash -c 'run_target "$@"' run_target {} "$seconds" "$work" "$seed"

number_of() {
    local found
    found=$(grep -oE "$1 *[0-9]+" "$2" | tail -1 | grep -oE '[0-9]+$') || true
    echo "${found:-0}"
}

findings=0
printf '%-16s %12s %8s %8s %9s\n' target executions seconds edges findings
for target in "${targets[@]}"; do
    own=$work/$target
    bad=("$own"/bad/*)
    [[ -e ${bad[0]} ]] || bad=()
    count=${#bad[@]}
    # Without an input, too, a program that did not end well is a finding.
    ((count > 0)) || [[ $(<"$own/status") == 0 ]] || count=1
    findings=$((findings + count))
    took=$(sed -n 's/^Done [0-9]* runs in \([0-9]*\) second.*/\1/p' "$own/log")
    printf '%-16s %12s %8s %8s %9s\n' "$target" \
        "$(number_of 'stat::number_of_executed_units:' "$own/log")" "${took:-?}" \
        "$(number_of 'cov:' "$own/log")" "$count"
done

if ((findings > 0)); then
    echo
    for target in "${targets[@]}"; do
        own=$work/$target
        grep -hE 'broken promise|runtime error|ERROR: |Assertion' "$own/log" |
            sed "s/^/$target: /" || true
        for input in "$own"/bad/*; do
            [[ -e $input ]] || continue
            echo "$target: build/fuzz/bin/fuzz_$target $input"
            # A machine that is gone tomorrow keeps no file; what it printed is kept.
            gzip -9n <"$input" | base64 -w0
            echo "  | base64 -d | gunzip"
        done
    done
    exit 1
fi

if [[ -n $merge ]]; then
    for target in "${targets[@]}"; do
        build/fuzz/bin/fuzz_"$target" -merge=1 -max_len=4096 \
            "tests/fuzz/corpus/$target" "$work/$target/found" >"$work/$target/merge.log" 2>&1
    done
    du -sb tests/fuzz/corpus
fi
