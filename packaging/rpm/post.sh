# After the files are in place; $1 is how many versions are installed now. See debian/postinst.
# shellcheck shell=sh
systemctl daemon-reload >/dev/null 2>&1 || :
if [ "$1" -gt 1 ] && systemctl --quiet is-active ecrbridged.service 2>/dev/null; then
    /usr/libexec/ecrbridge/wait-for-orders || :
    systemctl restart ecrbridged.service || :
fi
