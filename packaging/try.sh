#!/usr/bin/env bash
# Builds ecrbridge and makes two payments against its simulated cloud: one over TCP, one through a
# virtual serial port. No money moves. Ends with an error unless both are paid.
#
#   packaging/try.sh          leaves the rehearsal running, to be talked to; Ctrl-C ends it
#   packaging/try.sh --once   ends by itself
#
# ECR_JOBS: how many compilers at once (default: one for each processor).
set -euo pipefail
cd "$(dirname "$0")/.."

once=no
case ${1:-} in
    "") ;;
    --once) once=yes ;;
    *)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
esac

packaging/deps.sh
. packaging/lib.sh
configure release
build release programs

start_limit_s=20
reply_limit_s=30
stop_limit_s=20

log=$(mktemp)
bridge=
finish() {
    local status=$?
    trap - EXIT INT TERM
    if [[ -n $bridge ]]; then
        kill "$bridge" 2>/dev/null || true
        timeout "$stop_limit_s" tail --pid="$bridge" -f /dev/null ||
            kill -KILL "$bridge" 2>/dev/null || true
    fi
    if ((status != 0)) && [[ -s $log ]]; then
        echo "The bridge's log:" >&2
        cat "$log" >&2
    fi
    rm -f "$log"
    exit "$status"
}
trap finish EXIT
trap 'exit 0' INT TERM

# Sets bridge, port and tty. The bridge names both once they are open.
start() {
    exec {said}< <(exec build/release/bin/ecrbridged --rehearse --rehearse-port 0 \
        --rehearse-fast 2>"$log")
    bridge=$!
    port=''
    tty=''
    local line
    while [[ -z $port || -z $tty ]]; do
        if ! IFS= read -r -t "$start_limit_s" -u "$said" line; then
            echo "try.sh: the bridge does not start" >&2
            exit 1
        fi
        case $line in
            "  tcp "*) port=${line##*:} ;;
            "  pty "*) tty=${line#"  pty "} ;;
        esac
    done
}

# converse DESCRIPTOR COMMAND: says it, shows both sides, fails unless it ends paid.
converse() {
    local till=$1 line
    echo "> $2"
    printf '%s\r\n' "$2" >&"$till"
    while IFS= read -r -t "$reply_limit_s" -u "$till" line; do
        line=${line%$'\r'}
        echo "< $line"
        case $line in
            "result "*" state=paid "*) return 0 ;;
            "result "* | "error "*) return 1 ;;
        esac
    done
    echo "try.sh: no result within $reply_limit_s s" >&2
    return 1
}

start
echo
echo "A payment over TCP (127.0.0.1:$port):"
(exec {till}<>"/dev/tcp/127.0.0.1/$port" && converse "$till" "pay order=A1001 amount=110 channel=wx")
echo
echo "A payment through a virtual serial port ($tty):"
# In a subshell: it cannot become the leader of a terminal, which a script under setsid would.
(exec {till}<>"$tty" && stty raw -echo <&"$till" &&
    converse "$till" "pay order=B1001 amount=250 channel=alipay")
echo
echo "Both are paid."

if [[ $once == no ]]; then
    cat <<TEXT

The rehearsal goes on. Talk to it from another terminal:
  build/release/bin/ecrbridge --bridge 127.0.0.1:$port pay 110
  or with any program that talks to a serial port: $tty
Amounts that end in 01 to 24 go wrong, in one way each: tests/simulator/README.md has the list.
Ctrl-C ends it.
TEXT
    wait "$bridge"
fi
