# What the scripts of this folder share. To be sourced, from the top folder of the sources.
# shellcheck shell=bash

jobs=${ECR_JOBS:-$(nproc)}

# configure PRESET [CMAKE-OPTION]...
# ECR_TOGETHER=ON in the environment: a dozen files as one; see together.cmake.
configure() {
    local launcher=()
    if command -v ccache >/dev/null; then
        launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    cmake --preset "$1" --log-level=WARNING "${launcher[@]}" \
        ${ECR_TOGETHER:+-DECR_TOGETHER="$ECR_TOGETHER"} "${@:2}"
}

# build PRESET [TARGET…]
build() {
    local preset=$1
    shift
    cmake --build --preset "$preset" --parallel "$jobs" ${1:+--target "$@"}
}

# step WHAT COMMAND…: says how long it took, so that the log of a slow run tells what was slow.
step() {
    local what=$1 began=$SECONDS status=0
    shift
    "$@" || status=$?
    echo "== $what: $((SECONDS - began)) s"
    return "$status"
}
