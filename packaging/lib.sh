# What the scripts of this folder share. To be sourced, from the top folder of the sources.
# shellcheck shell=bash

jobs=${ECR_JOBS:-$(nproc)}

# configure PRESET [CMAKE-OPTION]...
configure() {
    local launcher=()
    if command -v ccache >/dev/null; then
        launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    cmake --preset "$1" --log-level=WARNING "${launcher[@]}" "${@:2}"
}

# build PRESET [TARGET…]
build() {
    local preset=$1
    shift
    cmake --build --preset "$preset" --parallel "$jobs" ${1:+--target "$@"}
}
