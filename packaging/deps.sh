#!/usr/bin/env bash
# Installs what a build on Debian 12 needs and is not there yet. Says nothing when all is there.
# As root, or with sudo. packaging/README.md says what each package is for. --list names them all
# and does nothing. --with fuzz, coverage, package, accept, lint, compare, bench, page, samples, windows:
# and what that script needs.
set -euo pipefail

packages=(
    g++ cmake ninja-build
    libboost1.81-dev libboost-url1.81-dev libssl-dev libsqlite3-dev
    nlohmann-json3-dev libspdlog-dev libtomlplusplus-dev libcli11-dev
    libqrcodegencpp-dev libutf8proc-dev libarchive-dev zlib1g-dev
    libgtest-dev libgmock-dev patch python3
)

list=
while (($# > 0)); do
    case $1 in
        --list) list=yes ;;
        --with)
            case ${2:-} in
                fuzz) packages+=(clang-14 libclang-rt-14-dev) ;;
                coverage) packages+=(gcovr) ;;
                package) packages+=(dpkg-dev lintian rpm mandoc) ;;
                accept) packages+=(dpkg-dev debootstrap systemd-container) ;;
                page)
                    packages+=(chromium fonts-noto-cjk sqlite3)
                    command -v npm >/dev/null || packages+=(nodejs npm)  # or from elsewhere
                    ;;
                samples)
                    packages+=(fp-compiler gnucobol3)
                    command -v javac >/dev/null || packages+=(default-jdk-headless)  # or another
                    ;;
                lint) packages+=(clang-tidy-19 cppcheck shellcheck) ;;
                windows)
                    packages+=(g++-mingw-w64-x86-64-posix wine wine64 nsis)
                    packages+=(dpkg-dev googletest perl python3 tcl)
                    ;;
                compare) packages+=(python3) ;;
                bench)
                    packages+=(haproxy python3 libbenchmark-dev)
                    command -v npm >/dev/null || packages+=(nodejs npm)  # or from elsewhere
                    ;;
                *)
                    echo "deps.sh: --with fuzz, coverage, package, accept, lint, compare, bench, page, samples, windows" >&2
                    exit 2
                    ;;
            esac
            shift
            ;;
        *) echo "deps.sh: unknown option $1" >&2; exit 2 ;;
    esac
    shift
done

if [[ -n $list ]]; then
    echo "${packages[*]}"
    exit 0
fi

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

if ! command -v apt-get >/dev/null; then
    echo "deps.sh: not Debian. Install what these packages hold: ${packages[*]}" >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
done
((${#missing[@]} > 0)) || exit 0

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "deps.sh: neither root nor sudo. Ask for: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$log" 2>&1
}
install_missing() {
    apt install --yes --no-install-recommends "${missing[@]}"
}

echo "Installing ${missing[*]}"
# The lists may be absent or older than the archive. Both show as a failed install.
if ! install_missing; then
    if ! apt update || ! install_missing; then
        cat "$log" >&2
        exit 1
    fi
fi
