#!/usr/bin/env bash
# Makes the installer from what build/windows holds.
#
# usage: package.sh [VERSION [OUTPUT]]    With ECR_QUICK=1 nothing is compressed: for tests.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:-$(sed -n 's/^project(ecrbridge VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)}
out=${2:-build/windows/ecrbridge-$version-win64.exe}
stripped=build/windows/stripped
mkdir -p "$stripped"
for program in ecrbridged ecrbridge qfpay-sim; do
    x86_64-w64-mingw32-strip -o "$stripped/$program.exe" "build/windows/bin/$program.exe"
    # One file each, that needs nothing but Windows.
    if x86_64-w64-mingw32-objdump -p "$stripped/$program.exe" | sed -n 's/.*DLL Name: //p' |
        grep -viE '^(kernel32|msvcrt|ws2_32|mswsock|crypt32|advapi32|user32|shell32|ole32|bcrypt|iphlpapi)\.dll$' >&2; then
        echo "package.sh: $program.exe needs the above" >&2
        exit 1
    fi
done
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
touch -d "@$SOURCE_DATE_EPOCH" "$stripped"/*.exe
makensis -V2 "-DVERSION=$version" "-DPROGRAMS=$PWD/$stripped" "-DSOURCES=$PWD" "-DOUT=$PWD/$out" \
    ${ECR_QUICK:+-DQUICK} packaging/windows/installer.nsi
echo "$out"
