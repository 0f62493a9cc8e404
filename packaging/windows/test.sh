#!/usr/bin/env bash
# Everything for Windows, from nothing but Debian 12: builds programs and tests with mingw-w64, runs
# the tests under wine, makes the installer, and lives through what a shop sees with it. Ends with
# the summary of ctest, and with an error if anything failed.
#
#   packaging/windows/test.sh [--short]
#
# --short: what every change has time for: without the tests of daemon/, which are half of all.
#
# ECR_JOBS: how many compilers at once (default: one for each processor).
# ECR_WINDOWS_CACHE: what outlives the checkout; see deps.sh.
# shellcheck disable=SC2317  # step calls them
set -euo pipefail
cd "$(dirname "$0")/../.."

. packaging/lib.sh
export WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=d"
unset DISPLAY

case $* in
    '') targets=() tests=. limit_s=1800 ;;
    --short)
        parts=(protocol_{cloud,legacy,line,order,till}_tests store_tests simulator_tests)
        targets=(programs "${parts[@]}")
        limit_s=600
        export ECR_POWER_STATES=10000  # of the disk: a tenth of what Linux looks at
        tests="^($(IFS='|' && echo "${parts[*]}"))"
        ;;
    *) echo "usage: packaging/windows/test.sh [--short]" >&2 && exit 2 ;;
esac

prefix=$PWD/build/windows/wine
log=build/windows/ctest.log
version=$(sed -n 's/^project(ecrbridge VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)

what_it_needs() {
    packaging/deps.sh && ECR_WINDOWS_DEPS=$(packaging/windows/deps.sh) && export ECR_WINDOWS_DEPS
}
compile() { configure windows && build windows "${targets[@]}"; }

# Ends the programs of one prefix, and of no other.
switch_off() {
    WINEPREFIX=$1 timeout -k 5 30 wineserver -k >/dev/null 2>&1 || true
    WINEPREFIX=$1 timeout -k 5 60 wineserver -w >/dev/null 2>&1 || true
}
end() { for each in "$prefix" "$prefix-shop" "$prefix-shop-cloud"; do
    if [[ -d $each ]]; then switch_off "$each"; fi
done; }
trap end EXIT

make_prefixes() {
    end
    rm -rf "$prefix" "$prefix-shop" "$prefix-shop-cloud"
    WINEPREFIX=$prefix timeout -k 5 180 wineboot -i >/dev/null 2>&1 &&
        WINEPREFIX=$prefix timeout -k 5 60 wineserver -w &&
        cp -a "$prefix" "$prefix-shop" && cp -a "$prefix" "$prefix-shop-cloud"
}

# Windows' own services are started first, and with an output of their own: what they inherited they
# would hold open for ever, and whoever reads it would wait as long.
run_tests() {
    export WINEPREFIX=$prefix
    wineserver -p >/dev/null 2>&1 || return
    timeout -k 5 120 wine cmd /c ver </dev/null >/dev/null 2>&1 || return
    local status=0
    rm -f "$log"
    timeout -k 30 "$limit_s" ctest --test-dir build/windows -R "$tests" -j2 --output-on-failure --no-tests=error \
        2>&1 | tee "$log" || status=1
    switch_off "$prefix"
    unset WINEPREFIX
    return "$status"
}

make_installers() {
    packaging/windows/package.sh "$version" &&
        ECR_QUICK=1 packaging/windows/package.sh "${version%.*}.99" build/windows/ecrbridge-next.exe
}

accept() {
    timeout -s INT -k 60 900 packaging/windows/accept.py "$prefix-shop" \
        "build/windows/ecrbridge-$version-win64.exe" build/windows/ecrbridge-next.exe \
        build/windows/bin/qfpay-sim.exe
}

status=0
step "what it needs" what_it_needs
step "compiling" compile
step "wine" make_prefixes
step "tests" run_tests || status=1
step "installers" make_installers
step "install, pay, kill, upgrade, uninstall" accept || status=1

echo
if ! grep -qs 'tests passed' "$log"; then
    echo "test.sh: ctest was cut short" >&2
    status=1
fi
sed -n '/tests passed/,$p' "$log" 2>/dev/null || true
if ((status != 0)); then
    echo "test.sh: something failed; see above" >&2
fi
exit "$status"
