#!/usr/bin/env bash
# Everything for Windows, from nothing but Debian 12: builds programs and tests with mingw-w64, runs
# the tests under wine, makes the installer, and lives through what a shop sees with it.
#
# ECR_JOBS: how many compilers at once (default: one for each processor).
# ECR_WINDOWS_CACHE: what outlives the checkout; see deps.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."

step() { printf '== %(%H:%M:%S)T %s\n' -1 "$*"; }
step "what it needs"
packaging/deps.sh
ECR_WINDOWS_DEPS=$(packaging/windows/deps.sh)
export ECR_WINDOWS_DEPS

prefix=$PWD/build/windows/wine
new_prefix() {
    rm -rf "$1"
    WINEPREFIX=$1 wineboot -i >/dev/null 2>&1
    WINEPREFIX=$1 wineserver -w
}
export WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=d"
unset DISPLAY

. packaging/lib.sh
step "configure"
configure windows
step "build"
build windows

step "tests"
new_prefix "$prefix"
export WINEPREFIX=$prefix
# Windows' own services are started here: of a test's they would hold the output open for ever.
wineserver -p
wine cmd /c ver </dev/null >/dev/null 2>&1
trap 'wineserver -k || true' EXIT
ctest --test-dir build/windows -j2 --output-on-failure --no-tests=error
wineserver -k || true
wineserver -w

step "installers"
version=$(sed -n 's/^project(ecrbridge VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
packaging/windows/package.sh "$version"
ECR_QUICK=1 packaging/windows/package.sh "${version%.*}.99" build/windows/ecrbridge-next.exe

step "install, pay, kill, upgrade, uninstall"
cp -a "$prefix" "$prefix-shop"
cp -a "$prefix" "$prefix-shop-cloud"
packaging/windows/accept.py "$prefix-shop" "build/windows/ecrbridge-$version-win64.exe" \
    build/windows/ecrbridge-next.exe build/windows/bin/qfpay-sim.exe
step "done"
