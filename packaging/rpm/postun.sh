# After the files are gone. The journal in /var/lib/private/ecrbridge stays.
systemctl daemon-reload >/dev/null 2>&1 || :
