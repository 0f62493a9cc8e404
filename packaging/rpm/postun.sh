# After the files are gone. The journal in /var/lib/private/ecrbridge stays.
# shellcheck shell=sh
systemctl daemon-reload >/dev/null 2>&1 || :
