#!/usr/bin/env bash
# Runs what has threads of its own under the thread sanitizer: the journal's thread, the trace's,
# the resolver's, the log, and a whole shop with all of them at once. Builds no more than that.
# Ends with an error at the first report; tests/tsan.supp says what is no report, and why.
set -euo pipefail
cd "$(dirname "$0")/.."

packaging/deps.sh
. packaging/lib.sh

configure tsan
build tsan thread_tests

# Reports in files: some tests point standard error elsewhere.
report=build/tsan/report
rm -f "$report".*
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp halt_on_error=1 second_deadlock_stack=1 log_path=$report ${TSAN_OPTIONS:-}"
log=build/tsan/thread_tests.log
if ! build/tsan/bin/thread_tests --gtest_brief=1 >"$log" 2>&1; then
    cat "$report".* 2>/dev/null >&2 || true
    grep -v -E ' (debug|info|warning) ' "$log" >&2 || true
    echo "tsan.sh: something failed; see above" >&2
    exit 1
fi
grep -E '^\[(==========|  PASSED  )\]' "$log"
