#!/usr/bin/env bash
# Tries to break the promise, with the programs built as they are shipped: whole shops by seed,
# everything that can go wrong in small ones, and each rule about money broken on purpose.
#
# usage: proof.sh [SEEDS [DEVIATIONS [RUNS]]]   default: 2000 shops; in small ones 2 things that go
# wrong, 12000 runs of each kind at most.
# ECR_JOBS: how many compilers and shops at once (default: one for each processor).
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/lib.sh

seeds=${1:-2000}
deviations=${2:-2}
runs=${3:-12000}
jobs=${ECR_JOBS:-$(nproc)}
configure release
build release simulate explore
bin=build/release/bin

status=0
running=()
each=$(((seeds + jobs - 1) / jobs))
for ((part = 0; part < jobs; part++)); do
    "$bin/simulate" --from $((1 + part * each)) --seeds "$each" &
    running+=($!)
done
for one in "${running[@]}"; do
    wait "$one" || status=1
done
# The longest first: then all end at about the same time.
listed=$("$bin/explore" --list | grep -vx shown_code)
mapfile -t scenarios <<<"shown_code"$'\n'"$listed"
printf '%s\n' "${scenarios[@]}" |
    xargs -P "$jobs" -I{} "$bin/explore" --scenario {} --deviations "$deviations" --runs "$runs" |
    tee build/release/explore.log || status=1
awk '{sum += $4} END {print sum " distinct states in all"}' build/release/explore.log
tests/simulation/mutate.sh build/release || status=1
exit "$status"
