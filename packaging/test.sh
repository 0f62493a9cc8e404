#!/usr/bin/env bash
# Builds everything with sanitizers, runs all tests, soak tests among them, builds the programs as
# they are shipped, tries to break the promise with them, drives their status page in a browser,
# measures what they cost, and feeds every reader of bytes nonsense for half a minute. Ends with the
# summary of ctest, and with an error if anything failed.
#
# ECR_JOBS: how many compilers at once (default: one for each processor). Tests run two at a time, or
# four that mostly wait.
# shellcheck disable=SC2317  # step calls them
set -euo pipefail
cd "$(dirname "$0")/.."

packaging/deps.sh
. packaging/lib.sh
export ECR_TOGETHER=ON  # nothing of it is compiled twice

compile_for_tests() { configure dev -DECR_TEST_EACH=ON && build dev; }
run_tests() { ctest --test-dir build/dev -j4 --output-on-failure --no-tests=error 2>&1 | tee "$log"; }
compile_programs() { configure release && build release programs simulate explore bench_compare; }

# What each failed test said, short enough to be kept where only the end of the output is.
failed_tests() {
    local place=build/dev/Testing/Temporary name
    [[ -s $place/LastTestsFailed.log ]] || return 0
    while IFS=: read -r _ name; do
        echo "-- $name"
        awk -v name="$name" '
            / Testing: / { sub(/^[^:]*: /, ""); mine = $0 == name }
            mine && / Failure$|==ERROR|SUMMARY:|ECR_SEED|Timeout/ { left = 12 }
            mine && left-- > 0 { print substr($0, 1, 300) }
        ' "$place/LastTest.log" | head -40
    done <"$place/LastTestsFailed.log"
}

status=0
log=build/dev/ctest.log
step "compiling with sanitizers" compile_for_tests
step "tests" run_tests || status=1
step "compiling what is shipped" compile_programs || status=1
step "proof" packaging/proof.sh || status=1
step "status page" packaging/page_test.sh || status=1
step "costs" tests/bench/compare --short --check || status=1
step "fuzzing" packaging/fuzz.sh --seconds 32 --seed 1 || status=1

echo
if ! grep -q 'tests passed' "$log"; then
    echo "test.sh: ctest was cut short" >&2
    status=1
fi
failed_tests
sed -n '/tests passed/,$p' "$log"
if ((status != 0)); then
    echo "test.sh: something failed; see above" >&2
fi
exit "$status"
