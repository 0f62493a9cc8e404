#!/usr/bin/env bash
# Breaks the rules about money on purpose, one at a time, and looks whether the simulation notices.
#
# usage: mutate.sh [BUILD [NAME...]]   BUILD: a build folder in which `explore` and `simulate` are
# built (default: build/release). Each patch of mutations/ is applied to a copy of one source, which
# takes the place of the original when the two programs are linked. Prints a table, and ends with an
# error when a broken rule is not noticed.
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

missed=0
printf '%-32s %-62s %s\n' rule "broken like this" "noticed by"
for patch in "$here"/mutations/*.patch; do
    name=$(basename "$patch" .patch)
    if (($# > 0)) && [[ " $* " != *" $name "* ]]; then continue; fi
    source=$(sed -n 's,^+++ b/,,p' "$patch")
    folder=${source%%/*}
    object=$folder/CMakeFiles/ecr_$folder.dir/${source#*/}.o
    cp "$root/$source" "$work/$name.cpp"
    patch --quiet --no-backup-if-mismatch "$work/$name.cpp" "$patch"
    compile "$source" "$object" "$work/$name.cpp" "$work/$name.o"
    link explore "$work/$name.o" "$work/explore"
    link simulate "$work/$name.o" "$work/simulate"
    # Where explore is to look first, when the rule needs a shop of its own.
    scenario=$(sed -n 's/^Scenario: //p' "$patch")
    noticed=
    began=$(date +%s.%N)
    if ! "$work/explore" --deviations 1 ${scenario:+--scenario "$scenario"} > "$work/$name.log" 2>&1; then
        noticed=explore
    elif ! "$work/simulate" --seeds 200 --stop >> "$work/$name.log" 2>&1; then
        noticed=simulate
    fi
    # The bridge itself has to stop, where it asserts the rule.
    stops=$(sed -n 's/^Stops: //p' "$patch")
    if [[ $noticed && $stops ]] && ! grep -q "the bridge has ended: $stops:" "$work/$name.log"; then
        noticed=
    fi
    took=$(echo "$(date +%s.%N) $began" | awk '{printf "%.1f s", $1 - $2}')
    [[ $noticed ]] || missed=$((missed + 1))
    printf '%-32s %-62s %s\n' "$name" "$(head -1 "$patch")" \
        "${noticed:+$noticed${stops:+ and the bridge}, $took}"
done
if ((missed > 0)); then
    echo "mutate.sh: $missed broken rules were not noticed" >&2
    exit 1
fi
