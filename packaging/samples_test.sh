#!/usr/bin/env bash
# Leads the sample tills through all trials of "ecrbridge certify". Builds the programs if need be,
# and compiles the tills into build/samples, where their reports are afterwards. Those that talk to a
# serial port do so to a virtual one of the bridge; a reply can only get lost on a network, so they
# have that trial with a wire of their own to it (tests/process/wire.py). An error unless all pass.
#
# samples_test.sh [--build PRESET] [TILL…]
#   --build PRESET   the programs of build/PRESET (default: release)
#   TILL             py, java, pas, cob (default: each)
#
# ECR_BIN_DIR: a folder with the programs, in place of building them.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
tills=()
while (($# > 0)); do
    case $1 in
        --build) preset=${2:?--build PRESET}; shift ;;
        py | java | pas | cob) tills+=("$1") ;;
        *) echo "samples_test.sh: no such option or till: $1" >&2; exit 2 ;;
    esac
    shift
done
((${#tills[@]} > 0)) || tills=(py java pas cob)

packaging/deps.sh --with samples
. packaging/lib.sh
if [[ -z ${ECR_BIN_DIR:-} ]]; then
    [[ -f build/$preset/build.ninja ]] || configure "$preset"
    build "$preset" programs
fi
bin=${ECR_BIN_DIR:-build/$preset/bin}

trials=11
limit_s=300

place=build/samples
mkdir -p "$place"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TILL_BUILD=$PWD/$place
cat >"$folder/bridge.toml" <<TOML
[bridge]
journal = "$folder/journal.db"
[cloud]
app_code = "SAMPLES"
client_key_file = "$folder/client.key"
[[terminal]]
id = "T1"
[[link]]
name = "wire"
type = "pty"
symlink = "$folder/port"
TOML

# certified NAME PASSES COMMAND [OPTION]…: a run of certify that passes so many trials, and all.
certified() {
    local name=$1 passes=$2 command=$3 log=$place/$1.log status=0 seen
    timeout "$limit_s" "$bin/ecrbridge" certify --run "$command" --till "$name" \
        --report "$place/$name.html" "${@:4}" </dev/null >"$log" 2>&1 || status=$?
    seen=$(grep -Ec '(^|: )PASS\. ' "$log") || true
    echo "$name: $seen of $passes passed. $(tail -n 1 "$log")"
    if ((status != 0 || seen != passes)); then
        cat "$log" >&2
        return 1
    fi
}

status=0
for till in "${tills[@]}"; do
    rings_up="packaging/samples/certify-till.sh $till"
    case $till in
        py | java) certified "$till" "$trials" "$rings_up" --port 0 || status=1 ;;
        *)
            certified "$till" $((trials - 1)) "$rings_up '$folder/port'" \
                --config "$folder/bridge.toml" --link wire || status=1
            certified "$till-wire" 2 "python3 tests/process/wire.py $rings_up" --port 0 \
                --only payment,lost-reply || status=1
            ;;
    esac
done
exit "$status"
