#!/usr/bin/env bash
# Which lines and branches of protocol/ and store/ the unit tests reach. Ends with an error when
# fewer than 95 % of the lines or 85 % of the branches are.
#
#   packaging/coverage.sh [--uncovered]
#
# Branches that only an exception takes are left out: GCC counts one for each call that may throw.
# So are assertions: nothing takes the branch of one that holds.
# --uncovered: names the lines that were not reached.
set -euo pipefail
cd "$(dirname "$0")/.."

lines_min=95
branches_min=85

packaging/deps.sh --with coverage
. packaging/lib.sh

configure coverage
tests=(protocol_{cloud,order,line,legacy,till}_tests store_tests failing_tests)
build coverage "${tests[@]}"
# What an earlier run has counted would count again.
find build/coverage -name '*.gcda' -delete
for program in "${tests[@]}"; do
    "build/coverage/bin/$program" --gtest_brief=1 --gtest_filter=-Soak*
done

report() {
    # The counts of the folder's own code only: reading those of the tests takes ten times as long.
    gcovr --root . --object-directory build/coverage --filter "$1/" -j "$jobs" \
        --exclude-throw-branches --exclude-unreachable-branches \
        --exclude-lines-by-pattern '\s*(static_)?assert\(.*' "${@:2}" "build/coverage/$1"
}

status=0
for folder in protocol store; do
    echo
    echo "== $folder"
    if [[ ${1:-} == --uncovered ]]; then
        report "$folder" --txt -
    fi
    report "$folder" --print-summary --txt /dev/null \
        --fail-under-line "$lines_min" --fail-under-branch "$branches_min" || status=1
done
exit "$status"
