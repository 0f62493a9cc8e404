#!/usr/bin/env bash
# Drives the status page in a real browser, and holds the API, the metrics, the alerts and the
# dashboard against their descriptions. Builds the programs if need be, and fetches what it needs:
# Chromium, fonts and sqlite3 of Debian, promtool without its server, a few packages of npm.
#
# page_test.sh [--build PRESET] [--screenshots] [PATTERN]
#   --build PRESET   the programs of build/PRESET (default: release)
#   --screenshots    makes packaging/screenshots/ anew instead of testing
#   PATTERN          only tests whose names match
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
shots=
pattern=
while (($# > 0)); do
    case $1 in
        --build) preset=${2:?--build PRESET}; shift ;;
        --screenshots) shots=yes ;;
        -*) echo "page_test.sh: unknown option $1" >&2; exit 2 ;;
        *) pattern=$1 ;;
    esac
    shift
done

packaging/deps.sh --with page
. packaging/lib.sh

if [[ ! -f build/$preset/build.ninja ]]; then
    configure "$preset"
fi
build "$preset" programs

# Tests run where their packages are; nothing is written beside the sources.
place=build/page
mkdir -p "$place"
cp tests/page/* "$place"
if ! cmp -s "$place/package-lock.json" "$place/node_modules/installed.json"; then
    (cd "$place" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$place/package-lock.json" "$place/node_modules/installed.json"
fi

# Debian's package has the server in it, which would be started: only the tool is taken out.
promtool=$(command -v promtool || true)
if [[ -z $promtool && -z $shots ]]; then
    promtool=$PWD/$place/prometheus/usr/bin/promtool
    if [[ ! -x $promtool ]]; then
        (cd "$place" && apt-get -qq download prometheus && dpkg-deb -x prometheus_*.deb prometheus)
    fi
fi

export ECR_SOURCE_DIR=$PWD ECR_BIN_DIR=$PWD/build/$preset/bin ECR_PROMTOOL=$promtool
cd "$place"
if [[ -n $shots ]]; then
    node screenshots.mjs "$ECR_SOURCE_DIR/packaging/screenshots"
    exit
fi
# One file after the other: what is measured is measured alone.
status=0
for file in api_test.mjs metrics_test.mjs page_test.mjs; do
    node --test --test-reporter=spec ${pattern:+--test-name-pattern="$pattern"} "$file" || status=1
done
exit "$status"
