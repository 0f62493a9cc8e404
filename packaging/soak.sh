#!/usr/bin/env bash
# A shop at half load, with the programs built as they are shipped: tills of every dialect, a bridge
# that is killed at random moments, a cloud that errs and vanishes. Ends with an error when a till
# was told what is not true, or when memory, descriptors or journal have grown beyond what the
# orders explain.
#
# usage: soak.sh [--minutes N]   default: 5
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/lib.sh

minutes=5
if [[ ${1:-} == --minutes && -n ${2:-} ]]; then
    minutes=$2
elif (($# > 0)); then
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 2
fi

configure release
build release process_tests ecrbridged
ECR_SOAK_MINUTES=$minutes build/release/bin/process_tests --gtest_filter='SoakHalfLoadTest.*'
