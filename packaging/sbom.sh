#!/usr/bin/env bash
# Lists the software of others in the programs (a software bill of materials, CycloneDX 1.5, JSON):
# what is compiled or linked into them, and the libraries they load. Nothing of it is written by
# hand: the headers that the compiler read, the archives that the linker read and the libraries that
# the programs name are looked up in Debian's database of packages.
#
#   packaging/sbom.sh BUILD-FOLDER VERSION >FILE
#
# SOURCE_DATE_EPOCH: the list's date.
# shellcheck disable=SC2016  # ${} in quotes is dpkg's
set -euo pipefail
# A list from which something is missing is worse than none: also what is substituted must succeed,
# and stands in a variable before anything is made of it.
shopt -s inherit_errexit
(($# == 2)) || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
build=$1 version=$2
export LC_ALL=C

# Packages that own these files, one a line.
owners() {
    while read -r file; do
        # Libraries of the system are registered with or without /usr.
        dpkg-query --search "$file" 2>/dev/null || dpkg-query --search "${file#/usr}" 2>/dev/null ||
            dpkg-query --search "/usr$file" 2>/dev/null ||
            { echo "sbom.sh: no package owns $file" >&2; exit 1; }
    done | sed -e '/^diversion by/d' -e 's/: .*//' -e 's/, /\n/g' | sort -u
}

inputs=$(ninja -C "$build" -t inputs programs | sort -u)
# Of all the headers of a package one will do.
headers=$(grep '\.o$\|\.gch$' <<<"$inputs" | xargs ninja -C "$build" -t deps |
    sed -n 's/^ *\(\/usr\/.*\)/\1/p' | xargs realpath | sort -u)
by_folder=$(awk -F/ '{folder = $0; sub(/[^\/]*$/, "", folder); if (!seen[folder]++) print}' <<<"$headers")
archives=$({ grep '^/usr/.*\.a$' <<<"$inputs" || true
    for each in libstdc++.a libgcc.a; do g++ -print-file-name="$each"; done; } | xargs realpath)
loaded=$(for program in ecrbridged qfpay-sim; do ldd "$build/bin/$program"; done |
    sed -n 's/.* => \(\/.*\) (.*/\1/p' | sort -u)

# field PACKAGE FORMAT
field() { dpkg-query --show --showformat="$2" "$1"; }

# What a source package is published under. Debian's own files about it name every file's licence;
# this is that of what ends up in the programs, as packaging/debian/copyright has it.
licence_of() {
    case $1 in
        boost*) echo BSL-1.0 ;;
        nlohmann-json* | spdlog | fmtlib | tomlplusplus | qr-code-generator) echo MIT ;;
        cli11) echo BSD-3-Clause ;;
        gcc-*) echo "GPL-3.0-or-later WITH GCC-exception-3.1" ;;
        openssl) echo Apache-2.0 ;;
        sqlite3) echo blessing ;;
        glibc) echo LGPL-2.1-or-later ;;
        *) ;;
    esac
}

purl_of() {
    local name version
    name=$(field "$1" '${source:Package}')
    version=$(field "$1" '${source:Version}' | sed -e 's/:/%3A/g' -e 's/+/%2B/g' -e 's/~/%7E/g')
    echo "pkg:deb/debian/$name@$version?arch=source&distro=debian-12"
}

# component PACKAGE HOW
component() {
    local source purl
    source=$(field "$1" '${source:Package} ${source:Version}')
    purl=$(purl_of "$1")
    echo "$source $purl $2"
}

# Lines "SOURCE VERSION PURL HOW", one for each source package. What only declares a library that is
# loaded is listed with that library; the kernel's headers are its interface.
components() {
    local package source of_loaded of_inside sources_loaded
    of_loaded=$(owners <<<"$loaded")
    sources_loaded=$(for package in $of_loaded; do field "$package" '${source:Package}\n'; done)
    for package in $of_loaded; do
        component "$package" loaded
    done
    of_inside=$({ owners <<<"$by_folder"; owners <<<"$archives"; } | sort -u)
    for package in $of_inside; do
        source=$(field "$package" '${source:Package}')
        [[ $source != linux ]] || continue
        ! grep -qxF "$source" <<<"$sources_loaded" || continue
        component "$package" inside
    done
}

list=$(components | sort -u)
about() {
    local licence
    licence=$(licence_of "$1")
    if [[ $licence == *" WITH "* ]]; then
        echo "      \"licenses\": [{\"expression\": \"$licence\"}],"
    elif [[ -n $licence ]]; then
        echo "      \"licenses\": [{\"license\": {\"id\": \"$licence\"}}],"
    else
        echo "sbom.sh: the licence of $1 is not known here" >&2
        return 1
    fi
}
# Of the content, so that the same list has the same number.
digest=$(printf '%s %s' "$version" "$list" | sha256sum)
serial=${digest:0:8}-${digest:8:4}-5${digest:13:3}-a${digest:17:3}-${digest:20:12}
cat <<HEAD
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "serialNumber": "urn:uuid:$serial",
  "version": 1,
  "metadata": {
    "timestamp": "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)",
    "component": {
      "type": "application",
      "bom-ref": "ecrbridge",
      "name": "ecrbridge",
      "version": "$version",
      "licenses": [{"license": {"id": "MIT"}}]
    }
  },
  "components": [
HEAD
comma=
while read -r name of purl how; do
    printf '%s' "$comma"
    comma=$',\n'
    cat <<ONE
    {
      "type": "library",
      "bom-ref": "$purl",
      "name": "$name",
      "version": "$of",
      "purl": "$purl",
ONE
    about "$name"
    printf '      "properties": [{"name": "ecrbridge:linkage", "value": "%s"}]\n    }' "$how"
done <<<"$list"
printf '\n  ],\n  "dependencies": [\n    {"ref": "ecrbridge", "dependsOn": [\n'
sed 's/^[^ ]* [^ ]* \([^ ]*\) .*/      "\1"/; $!s/$/,/' <<<"$list"
printf '    ]}\n  ]\n}\n'
