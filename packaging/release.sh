#!/usr/bin/env bash
# Makes all that a release consists of, from the last commit, in build/release-files: Debian packages
# and RPMs, the installer for Windows, the source archive, a list of the software of others in it
# (CycloneDX), and checksums.
#
#   packaging/release.sh [--twice]
#
# --twice: builds it in two other folders, without a compiler's cache, and compares the bytes. An
# error unless they are the same.
# ECR_JOBS: how many compilers at once.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD

twice=
case ${1:-} in
    "") ;;
    --twice) twice=yes ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
esac

if [[ -n $(git status --porcelain) ]]; then
    echo "release.sh: there are changes that are not committed; a release is of a commit" >&2
    exit 1
fi
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
version=$(sed -n 's/^project(ecrbridge VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
name=ecrbridge-$version

make_installer() {
    local ECR_WINDOWS_DEPS
    ECR_WINDOWS_DEPS=$(packaging/windows/deps.sh)
    export ECR_WINDOWS_DEPS
    . packaging/lib.sh
    configure windows
    build windows programs
    packaging/windows/package.sh "$version"
}

# make_files FOLDER: from the sources there, in its build/release-files. Whatever else a release is
# to hold is made here.
make_files() {
    local files=$1/build/release-files
    rm -rf "$files"
    mkdir -p "$files"
    "$1/packaging/package.sh"
    cp "$1"/build/packages/*.deb "$1"/build/packages/*.rpm "$files"
    (cd "$1" && make_installer)
    cp "$1/build/windows/$name-win64.exe" "$files"
    git -C "$top" archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$files/$name.tar.gz"
    (cd "$1" && packaging/sbom.sh build/release "$version") >"$files/$name.cdx.json"
    (cd "$files" && sha256sum -- * >SHA256SUMS)
}

if [[ -z $twice ]]; then
    make_files "$top"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    export CCACHE_DISABLE=1
    # Of different names and lengths: a path of the build must not get into the files.
    folders=("$work/one/ecrbridge" "$work/the-other-one/of/them")
    for folder in "${folders[@]}"; do
        mkdir -p "$folder"
        git archive --format=tar HEAD | tar -x -C "$folder"
        make_files "$folder"
    done
    if ! diff -u "${folders[0]}/build/release-files/SHA256SUMS" \
        "${folders[1]}/build/release-files/SHA256SUMS"; then
        echo "release.sh: twice the same sources, and not the same bytes" >&2
        exit 1
    fi
    rm -rf build/release-files
    mkdir -p build
    cp -r "${folders[0]}/build/release-files" build/release-files
    echo "release.sh: twice the same bytes"
fi
cat build/release-files/SHA256SUMS
