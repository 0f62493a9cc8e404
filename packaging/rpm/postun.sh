# After the files are gone; $1 is how many versions are installed still. The journal in
# /var/lib/private/ecrbridge stays.
# shellcheck shell=sh
if [ "$1" -eq 0 ]; then
    # What "ecrbridge setup" left when it was cut short, and what it wrote for serial ports; who
    # wrote that by hand keeps it.
    rm -f /etc/ecrbridge/client.key.new /etc/ecrbridge/ecrbridged.toml.new
    drop_in=/etc/systemd/system/ecrbridged.service.d
    if grep -qs '^# Written by "ecrbridge setup"' "$drop_in/serial.conf"; then
        rm -f "$drop_in/serial.conf"
        rmdir "$drop_in" 2>/dev/null || :
    fi
fi
systemctl daemon-reload >/dev/null 2>&1 || :
