#!/usr/bin/env bash
# Installs the Debian packages on a clean Debian 12 with a real systemd, in a container, and does
# with them what shops do: configure, start, pay, upgrade with an order open, crash, hang, purge.
# As root. An error unless all of it is as it should be.
#
#   packaging/accept.sh [--base DIR] [--made]
#
# --base: a minimal Debian 12 to copy; made there when it is missing. Without: made and thrown away.
# --made: the packages are there already, in build/packages.
# ECR_MIRROR: where debootstrap gets it from (default: its own).
set -euo pipefail
cd "$(dirname "$0")/.."

base=
made=
while (($# > 0)); do
    case $1 in
        --base) base=$2; shift ;;
        --made) made=yes ;;
        *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
    esac
    shift
done
((EUID == 0)) || { echo "accept.sh: as root" >&2; exit 2; }

packaging/deps.sh --with accept
[[ -n $made ]] || packaging/package.sh
packages=(build/packages/ecrbridge_*.deb build/packages/ecrbridge-simulator_*.deb)

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
[[ -n $base ]] || base=$work/base
if [[ ! -d $base ]]; then
    # What the packages depend on is there from the start: the container has no network.
    debootstrap --variant=minbase \
        --include=systemd,systemd-sysv,dbus,ca-certificates,libssl3,libsqlite3-0 \
        bookworm "$base" ${ECR_MIRROR:+"$ECR_MIRROR"} >"$work/debootstrap.log" ||
        { tail "$work/debootstrap.log" >&2; exit 1; }
fi
root=$work/debian
cp -a "$base" "$root"
mkdir "$root/packages" "$root/packages/next"
cp "${packages[@]}" "$root/packages"
# The next version: the same with a higher number.
dpkg-deb --raw-extract "${packages[0]}" "$work/next"
sed -i 's/^Version: .*/&+next1/' "$work/next/DEBIAN/control"
dpkg-deb -Znone --root-owner-group --build "$work/next" "$root/packages/next" >/dev/null
echo "127.0.0.1 localhost" >"$root/etc/hosts"  # as every installer leaves it
install packaging/linux/accept_inside.sh "$root/usr/local/sbin/accept"
cat >"$root/etc/systemd/system/accept.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=exec
ExecStart=/bin/sh -c '/usr/local/sbin/accept >/accept.log 2>&1; echo $? >/accept.status'
ExecStopPost=/bin/systemctl --no-block poweroff
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s ../accept.service "$root/etc/systemd/system/multi-user.target.wants"

boot_limit_s=900
timeout "$boot_limit_s" systemd-nspawn --quiet --directory "$root" --boot --register=no --keep-unit \
    --private-network --console=pipe </dev/null >"$work/boot.log" 2>&1 || true
if [[ ! -s $root/accept.status ]]; then
    tail -20 "$work/boot.log" >&2
    cat "$root/accept.log" >&2 2>/dev/null || true
    echo "accept.sh: the container did not come to an end" >&2
    exit 1
fi
cat "$root/accept.log"
exit "$(<"$root/accept.status")"
