#!/usr/bin/env bash
# Makes Debian packages, and RPMs, of the programs as they are shipped, in build/packages. The same
# sources on the same machine give the same bytes: dates are those of the last commit.
#
#   packaging/package.sh [--check]
#
# --check: and looks at them, as packaging/check_packages.sh does.
# SOURCE_DATE_EPOCH: the date of all files; without it, of the last commit.
set -euo pipefail
cd "$(dirname "$0")/.."

check=
case ${1:-} in
    "") ;;
    --check) check=yes ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
esac

packaging/deps.sh --with package
. packaging/lib.sh
configure release -DECR_UNIT_DIR=/lib/systemd/system
build release programs
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:[^=]*=//p' build/release/CMakeCache.txt)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null ||
    stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C

# Debian's form of the newest section of CHANGELOG.md.
changelog() {
    echo "ecrbridge ($version) unstable; urgency=medium"
    echo
    awk '/^## /{section++} section == 1 && /^- /{print substr($0, 3)}' CHANGELOG.md |
        while IFS= read -r change; do
            fold -s -w 74 <<<"$change" | sed -e '1s/^/  * /' -e '2,$s/^/    /' -e 's/ *$//'
        done
    echo
    echo " -- ecrbridge contributors <ecrbridge@localhost>  $(date -R -d "@$SOURCE_DATE_EPOCH")"
}
mkdir -p build/release/packages
changelog >build/release/packages/changelog

# pack GENERATOR LOG: all components.
pack() {
    if ! (cd build/release && cpack -G "$1" -B "$PWD/packages/$1") >"$2" 2>&1; then
        cat "$2" >&2
        return 1
    fi
}

out=build/packages
rm -rf "$out" build/release/packages/DEB build/release/packages/RPM
mkdir -p "$out"
pack DEB build/release/packages/deb.log
mv build/release/packages/DEB/*.deb "$out"
if command -v rpmbuild >/dev/null; then
    configure release -DECR_UNIT_DIR=/usr/lib/systemd/system
    pack RPM build/release/packages/rpm.log
    mv build/release/packages/RPM/*.rpm "$out"
else
    echo "package.sh: no rpmbuild here, so no RPM"
fi

shopt -s nullglob
(cd "$out" && sha256sum -- *.deb *.rpm >SHA256SUMS && cat SHA256SUMS)
if [[ -n $check ]]; then
    packaging/check_packages.sh
fi
