#!/usr/bin/env bash
# What a build for Windows needs beside what a build on Debian 12 needs anyway: the cross compiler,
# wine, NSIS, and a folder of static libraries, built once from Debian's own sources of the very
# libraries the Linux build uses. Prints that folder. As root, or with sudo.
#
# ECR_WINDOWS_CACHE: where the folder is kept (default: ~/.cache/ecrbridge-windows). Its name says
# what it was built from, so an old one is never taken for a new one.
# ECR_JOBS: how many compilers at once (default: one for each processor).
set -euo pipefail
self=$(readlink -f "$0")
cd "$(dirname "$self")/../.."

packaging/deps.sh --with windows >&2

target=x86_64-w64-mingw32
jobs=${ECR_JOBS:-$(nproc)}
cache=${ECR_WINDOWS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ecrbridge-windows}
flags=(-O2 -D_WIN32_WINNT=0x0A00)

key=$({
    dpkg-query -W -f='${source:Package} ${source:Version}\n' libssl-dev libsqlite3-dev \
        libboost1.81-dev libqrcodegencpp-dev googletest
    $target-g++-posix --version | head -1
    sha256sum <"$self"
} | sha256sum | cut -c1-16)
prefix=$cache/deps-$key
if [[ -e $prefix/done ]]; then
    echo "$prefix"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work"/{sources,lists/partial,download} "$work/prefix"/{include,lib/cmake}

# A view of apt of our own that has sources: the machine's settings stay as they are.
debian_sources=/etc/apt/sources.list.d/debian.sources
if [[ -e $debian_sources ]]; then
    sed 's/^Types:.*/Types: deb-src/' "$debian_sources" >"$work/sources/own.sources"
fi
if [[ -e /etc/apt/sources.list ]]; then
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$work/sources/own.list"
fi
apt=(apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources"
    -o Dir::State::lists="$work/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
    -o APT::Sandbox::User=root)
"${apt[@]}" update >&2

# source_of PACKAGE: unpacks it to $work/PACKAGE. An archive that is a copy of one moment may have
# lost the source of a security update, then the release's will do; or Debian's own part of one, then
# the makers' alone will do: what Debian patches here is how it is built and packed.
source_of() {
    (
        cd "$work/download"
        fetch=("${apt[@]}" source --download-only)
        if "${fetch[@]}" "$1" >&2 || { rm -f "$1"_*; "${fetch[@]}" "$1/bookworm" >&2; }; then
            dpkg-source --no-check -x "$1"_*.dsc "$work/$1" >/dev/null
        else
            "${fetch[@]}" --tar-only "$1" >&2
            mkdir "$work/$1"
            tar -C "$work/$1" --strip-components=1 -xf "$1"_*.orig.tar.*
        fi
    )
}

build_openssl() {
    source_of openssl
    mkdir "$work/openssl-build"
    cd "$work/openssl-build"
    if ! {
        perl ../openssl/Configure mingw64 CC=$target-gcc-posix AR=$target-ar \
            RANLIB=$target-ranlib RC=$target-windres --prefix="$work/openssl-out" --libdir=lib \
            --openssldir=/nonexistent no-shared no-tests no-module no-engine no-legacy no-comp \
            no-weak-ssl-ciphers "${flags[@]}" &&
            make -s -j"$jobs" build_libs && make -s install_dev
    } >log 2>&1; then
        tail -40 log >&2
        return 1
    fi
    cp -r "$work/openssl-out/include/openssl" "$work/prefix/include/"
    cp "$work"/openssl-out/lib/*.a "$work/prefix/lib/"
}

build_sqlite() {
    source_of sqlite3
    mkdir "$work/sqlite-build"
    cd "$work/sqlite-build"
    { ../sqlite3/configure --disable-tcl --disable-readline && make sqlite3.c; } >log 2>&1 ||
        { tail -40 log >&2; return 1; }
    # What Debian's library is built with and our SQL or our tests use.
    $target-gcc-posix "${flags[@]}" -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_COLUMN_METADATA \
        -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_UNLOCK_NOTIFY \
        -DSQLITE_OMIT_LOAD_EXTENSION -c sqlite3.c
    $target-ar rcs "$work/prefix/lib/libsqlite3.a" sqlite3.o
    cp sqlite3.h "$work/prefix/include/"
}

# Libraries of which Debian has the headers, or the sources, on the disk already. A link for each:
# with /usr/include itself on the path glibc's headers would hide those of mingw-w64.
build_small_ones() {
    local name
    for name in boost nlohmann spdlog fmt toml++ CLI gtest gmock; do
        ln -s "/usr/include/$name" "$work/prefix/include/$name"
    done
    source_of qr-code-generator
    mkdir "$work/small" "$work/prefix/include/qrcodegen"
    cd "$work/small"
    cp "$work/qr-code-generator/cpp/qrcodegen.hpp" "$work/prefix/include/qrcodegen/"
    cp "$work/qr-code-generator/cpp/qrcodegen.cpp" .
    echo '#include <boost/url/src.hpp>' >boost_url.cpp
    ln -s /usr/src/googletest/googletest/src/gtest-all.cc gtest.cpp
    ln -s /usr/src/googletest/googletest/src/gtest_main.cc gtest_main.cpp
    ln -s /usr/src/googletest/googlemock/src/gmock-all.cc gmock.cpp
    ln -s /usr/src/googletest/googlemock/src/gmock_main.cc gmock_main.cpp
    printf '%s\n' qrcodegen boost_url gtest gtest_main gmock gmock_main | xargs -P "$jobs" -I{} \
        $target-g++-posix -std=c++17 "${flags[@]}" -Wa,-mbig-obj -DBOOST_URL_NO_LIB \
        -I/usr/src/googletest/googletest -I/usr/src/googletest/googlemock \
        -I"$work/prefix/include/qrcodegen" -isystem "$work/prefix/include" -c {}.cpp -o {}.o
    $target-ar rcs "$work/prefix/lib/libqrcodegencpp.a" qrcodegen.o
    for name in boost_url gtest gtest_main gmock gmock_main; do
        $target-ar rcs "$work/prefix/lib/lib$name.a" $name.o
    done
}

# Debian's package files for CMake point at /usr/include: these point here.
write_cmake_package() {  # package, its target, its version
    local folder=$work/prefix/lib/cmake/$1
    mkdir "$folder"
    cat >"$folder/$1Config.cmake" <<END
add_library($2 INTERFACE IMPORTED)
get_filename_component(prefix "\${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set_target_properties($2 PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "\${prefix}/include")
END
}

started=$SECONDS
(build_small_ones)
(build_sqlite)
(build_openssl)
write_cmake_package CLI11 CLI11::CLI11
write_cmake_package nlohmann_json nlohmann_json::nlohmann_json
write_cmake_package spdlog spdlog::spdlog
write_cmake_package tomlplusplus tomlplusplus::tomlplusplus
touch "$work/prefix/done"
mkdir -p "$cache"
rm -rf "$prefix"
# Whole or not at all, also with two of us at a time.
cp -r "$work/prefix" "$prefix.$$"
mv -T "$prefix.$$" "$prefix" 2>/dev/null || rm -rf "$prefix.$$"
echo "deps.sh: built in $((SECONDS - started)) s" >&2
echo "$prefix"
