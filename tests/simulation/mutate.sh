#!/usr/bin/env bash
# Breaks the rules about money on purpose, one at a time, and looks whether the simulation notices.
#
# usage: mutate.sh [BUILD [NAME...]]   BUILD: a build folder in which `explore` and `simulate` are
# built (default: build/release). Each patch of mutations/ is applied to a copy of one source, which
# takes the place of the original when the two programs are linked. Prints a table, and ends with an
# error when a broken rule is not noticed.
# ECR_JOBS: how many at once (default: one for each processor).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${1:-$root/build/release}
shift || true
build=$(cd "$build" && pwd)
work=$build/mutants
mkdir -p "$work"

# The command that makes a target, of ninja's list.
command_of() { ninja -C "$build" -t commands "$1" | tail -1; }

compile() { # source, object of the original, new source, new object
    local command
    command=$(command_of "$2")
    command=${command//"$root/$1"/"$3"}
    command=${command//"$2"/"$4"}
    (cd "$build" && eval "$command -I$root")
}

link() { # program, object, new program
    local command
    command=$(command_of "bin/$1")
    command=${command/" -o bin/$1 "/" -o $3 $2 "}
    (cd "$build" && eval "$command")
}

# Looks whether one broken rule is noticed. Its row of the table: $work/NAME.row, which says nothing
# in its last column when it is not.
try_one() { # patch
    local patch=$1 name source folder object scenario noticed='' stops began took
    name=$(basename "$patch" .patch)
    source=$(sed -n 's,^+++ b/,,p' "$patch")
    folder=${source%%/*}
    object=$folder/CMakeFiles/ecr_$folder.dir/${source#*/}.o
    cp "$root/$source" "$work/$name.cpp"
    patch --quiet --no-backup-if-mismatch "$work/$name.cpp" "$patch"
    compile "$source" "$object" "$work/$name.cpp" "$work/$name.o"
    link explore "$work/$name.o" "$work/$name.explore"
    # Where explore is to look first, when the rule needs a shop of its own.
    scenario=$(sed -n 's/^Scenario: //p' "$patch")
    began=$(date +%s.%N)
    if ! "$work/$name.explore" --deviations 1 ${scenario:+--scenario "$scenario"} >"$work/$name.log" 2>&1; then
        noticed=explore
    else
        link simulate "$work/$name.o" "$work/$name.simulate"
        began=$(date +%s.%N)
        "$work/$name.simulate" --seeds 200 --stop >>"$work/$name.log" 2>&1 || noticed=simulate
    fi
    took=$(echo "$(date +%s.%N) $began" | awk '{printf "%.1f s", $1 - $2}')
    rm -f "$work/$name".{explore,simulate}
    # The bridge itself has to stop, where it asserts the rule.
    stops=$(sed -n 's/^Stops: //p' "$patch")
    if [[ $noticed && $stops ]] && ! grep -q "the bridge has ended: $stops:" "$work/$name.log"; then
        noticed=
    fi
    printf '%-32s %-62s %s\n' "$name" "$(head -1 "$patch")" \
        "${noticed:+$noticed${stops:+ and the bridge}, $took}" >"$work/$name.row"
    [[ $noticed ]]
}

if [[ ${ECR_MUTATION:-} ]]; then
    try_one "$ECR_MUTATION"
    exit
fi

patches=()
for patch in "$here"/mutations/*.patch; do
    name=$(basename "$patch" .patch)
    if (($# == 0)) || [[ " $* " == *" $name "* ]]; then patches+=("$patch"); fi
    rm -f "$work/$name.row"
done
status=0
printf '%s\n' "${patches[@]}" |
    xargs -P "${ECR_JOBS:-$(nproc)}" -I{} env ECR_MUTATION={} "$0" "$build" || status=1
printf '%-32s %-62s %s\n' rule "broken like this" "noticed by"
for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch)
    cat "$work/$name.row" 2>/dev/null || echo "$name: could not be tried"
done
if ((status != 0)); then
    echo "mutate.sh: a broken rule was not noticed" >&2
    exit 1
fi
