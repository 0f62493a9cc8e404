#!/usr/bin/env bash
# Reads the sources for faults without running them: clang-tidy and cppcheck for C++, shellcheck for
# the scripts. Builds nothing. Ends with an error at any finding.
#
#   packaging/lint.sh [FILE | FOLDER]…
#
# Without any: all there is, a dozen files read as one, in a seventh of the time. What clang-tidy
# found clean is not read again until it, a header of ours behind it, its flags or .clang-tidy
# change. What is switched off, and why: .clang-tidy and packaging/cppcheck.supp.
set -euo pipefail
cd "$(dirname "$0")/.."
# join wants its inputs sorted as it compares them itself.
export LC_ALL=C

packaging/deps.sh --with lint
. packaging/lib.sh

tidy=clang-tidy-19
tidy_flags=(--quiet)
# clang counts what GCC's headers deprecate inside themselves (std::stable_sort) as ours.
tidy_flags+=(--extra-arg=-Wno-deprecated-declarations)
if (($# == 0)); then
    together=ON
    place=build/lint/together
    # Including a .cpp is how the dozen become one. What each then shares with its neighbours counts
    # as seen from elsewhere for misc-use-internal-linkage; the compiler's own warning goes by
    # whether a header declares it.
    tidy_flags+=(--checks=-bugprone-suspicious-include --extra-arg=-Wmissing-prototypes)
else
    together=OFF
    place=build/lint/single
fi
mkdir -p "$place/clean"
# clang does not read GCC's precompiled headers.
if ! ECR_TOGETHER=$together configure release -B "$place" -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
    >"$place/log" 2>&1; then
    cat "$place/log" >&2
    exit 1
fi

# "FILE FLAGS…" for each file that a target compiles, be it a dozen as one; of several targets, the
# first.
compiled=$(awk -v top="$PWD/" '
    /^ *"command": / { command = $0; sub(/ -o .*/, "", command) }
    /^ *"file": / {
        split($0, part, "\"")
        file = substr(part[4], length(top) + 1)
        if (!seen[file]++) print file, command
    }' "$place/compile_commands.json" | sort)

# The asked ones of them.
sources=()
for asked in "${@:-.}"; do
    asked=${asked#"$PWD/"}
    asked=${asked%/}
    count=${#sources[@]}
    while read -r file _; do
        if [[ $asked == . || $file == "$asked" || $file == "$asked"/* ]]; then
            sources+=("$file")
        fi
    done <<<"$compiled"
    if ((${#sources[@]} == count)); then
        echo "lint.sh: $asked: no target compiles it" >&2
        exit 2
    fi
done

# The files behind those, each by itself.
members() {
    local file
    while read -r file _; do
        if [[ $file == "$place"/* ]]; then
            sed -n "s|^#include \"$PWD/\(.*\)\"$|\1|p" "$file"
        else
            echo "$file"
        fi
    done <<<"$compiled"
}

status=0
if (($# == 0)); then
    # A test that no target compiles passes for ever. The fuzzers' entry is clang's own, and what is
    # for Windows is compiled by windows/test.sh.
    if find protocol store daemon tests -name '*.cpp' ! -path tests/fuzz/fuzz_entry.cpp \
        ! -name '*_windows.cpp' ! -name '*_windows_test.cpp' |
        sort | grep -vxFf <(members) | sed 's/$/: no target compiles it/'; then
        status=1
    fi
    shellcheck -x .ci/run packaging/*.sh packaging/linux/*.sh packaging/linux/wait-for-orders \
        packaging/windows/*.sh packaging/samples/*.sh packaging/rpm/*.sh packaging/debian/p* \
        packaging/completions/*.bash tests/simulation/*.sh || status=1
fi

mapfile -t shipped < <(if (($# == 0)); then members; else printf '%s\n' "${sources[@]}"; fi |
    grep -E '^(protocol|store|daemon)/' || true)
if ((${#shipped[@]} > 0)); then
    mkdir -p "$place/cppcheck"
    cppcheck --quiet --error-exitcode=1 --std=c++20 --language=c++ -I. -j "$jobs" \
        --enable=warning,performance,portability --cppcheck-build-dir="$place/cppcheck" \
        --inline-suppr --suppressions-list=packaging/cppcheck.supp \
        --template='{file}:{line}: {message} [{id}]' "${shipped[@]}" || status=1
fi

# What a file's reading depends on, as one number: the file, all headers of ours behind it, its
# flags, the rules.
rules=$({ cat .clang-tidy && "$tidy" --version && echo "${tidy_flags[@]}"; } | sha256sum)
test_rules=$(sha256sum <tests/.clang-tidy)
keys=$({
    find protocol store daemon tests \( -name '*.cpp' -o -name '*.hpp' \) -exec sha256sum {} + |
        sed 's/^/sum /'
    grep -ro --include='*.[ch]pp' --include='*.cxx' '^#include "[^"]*"' \
        protocol store daemon tests "$place" |
        sed "s|^\\(.*\\):#include \"\\($PWD/\\)\\?\\(.*\\)\"$|edge \\1 \\3|"
    # shellcheck disable=SC2001  # on many lines
    sed 's/^/file /' <<<"$compiled"
} | awk -v rules="$rules" -v test_rules="$test_rules" '
    function gather(file, i) {
        if (gathered[file]++) return
        all = all " " sum[file]
        for (i = 1; i <= edges[file]; ++i) gather(edge[file, i])
    }
    $1 == "sum" { sum[$3] = $2 }
    $1 == "edge" { edge[$2, ++edges[$2]] = $3 }
    $1 == "file" {
        file = $2
        delete gathered
        all = ""
        gather(file)
        print file, rules, file ~ /(^|\/)tests\// ? test_rules : "", $0, all
    }')

# tidy_one FILE KEY
# shellcheck disable=SC2317  # xargs calls it
tidy_one() {
    local stamp=$place/clean/${1//\//_} rules=.clang-tidy
    if [[ -f $stamp && $(<"$stamp") == "$2" ]]; then return; fi
    if [[ /$1 == */tests/* ]]; then rules=tests/.clang-tidy; fi  # a dozen as one are elsewhere
    # shellcheck disable=SC2086  # several
    if "$tidy" -p "$place" --config-file="$rules" $tidy_flags_text "$PWD/$1" 2>"$stamp.log"; then
        echo "$2" >"$stamp"
    else
        # Says only how many there are, unless clang-tidy itself has stumbled.
        grep -v ' generated\|treated as error' "$stamp.log" >&2
        return 1
    fi
}
export -f tidy_one
export tidy place tidy_flags_text="${tidy_flags[*]}"

printf '%s\n' "${sources[@]}" | sort -u |
    join - <(while read -r file key; do
        echo "$file $(sha256sum <<<"$key" | cut -c1-64)"
    done <<<"$keys" | sort) |
    xargs -P "$jobs" -L 1 bash -c 'tidy_one "$@"' tidy_one || status=1

exit "$status"
