# Before the files of the last version go.
# shellcheck shell=sh
if [ "$1" -eq 0 ] && [ -d /run/systemd/system ]; then
    /usr/libexec/ecrbridge/wait-for-orders || :
    systemctl disable --now ecrbridged.service >/dev/null 2>&1 || :
fi
