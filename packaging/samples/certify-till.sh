#!/bin/sh
# Rings up the sales of "ecrbridge certify" with one of the tills that lie beside it:
#
#     ecrbridge certify --port 9100 --run "sh certify-till.sh py"        or java
#     ecrbridge certify --config FILE --link NAME --run "sh certify-till.sh pas PORT"        or cob
#
# PORT is the till's end of the link: the symlink of one with type = "pty", or a serial port. What has
# to be compiled is compiled into TILL_BUILD, by default a folder in the user's cache.
set -eu
here=$(dirname "$0")
kind=${1:-py}
bridge=${2:-$ECR_BRIDGE}
build=${TILL_BUILD:-${XDG_CACHE_HOME:-$HOME/.cache}/ecrbridge-tills}

# compiled COMMAND…: makes $build/till-$kind, unless it is there and newer than its source.
compiled() {
    mkdir -p "$build"
    if [ -z "$(find "$build/till-$kind" -newer "$here/till.$kind" 2>/dev/null)" ]; then
        "$@" >&2
    fi
}

till() {
    case $kind in
        py) python3 "$here/till.py" "$bridge" "$@" ;;
        java) java "$here/Till.java" "$bridge" "$@" ;;
        pas)
            compiled fpc -l- -v0 -FE"$build" -otill-pas "$here/till.pas"
            "$build/till-pas" "$bridge" "$@"
            ;;
        cob)
            compiled cobc -x -o "$build/till-cob" "$here/till.cob"
            "$build/till-cob" "$bridge" "$@"
            ;;
        *) echo "certify-till.sh: py, java, pas or cob, not $kind" >&2; exit 2 ;;
    esac
}

case $ECR_CASE in
    refund) till "$ECR_ORDER" "$ECR_AMOUNT" --refund "$ECR_OF" ;;
    cancel) till "$ECR_ORDER" "$ECR_AMOUNT" --cancel-after 1 ;;
    repeat)
        till "$ECR_ORDER" "$ECR_AMOUNT"
        sleep 0.3
        till "$ECR_ORDER" "$ECR_AMOUNT"
        ;;
    *) till "$ECR_ORDER" "$ECR_AMOUNT" ;;
esac
