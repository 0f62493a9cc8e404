#!/bin/bash
# The part of packaging/accept.sh that runs on the clean Debian, under its systemd.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
mkdir -p /run/accept
wait_limit_s=60

step() { printf '\n== %s\n' "$*"; }
fail() {
    echo "FAILED: $*"
    systemctl status ecrbridged --no-pager --lines 0 || true
    journalctl --no-pager --lines 40 --unit ecrbridged --unit ecrbridged-failed || true
    exit 1
}
trap 'echo "FAILED in line $LINENO"' ERR
# until_true WHAT COMMAND...: asks every 0.2 s.
until_true() {
    local what=$1 tries=$((wait_limit_s * 5))
    shift
    until "$@"; do
        ((tries-- > 0)) || fail "not within $wait_limit_s s: $what"
        sleep 0.2
    done
}
property() { systemctl show --property "$1" --value "${2:-ecrbridged.service}"; }
state_is() { [[ $(property ActiveState "${2:-ecrbridged.service}") == "$1" ]]; }
status_has() { [[ $(property StatusText) == *"$1"* ]]; }
# logged FIELD=VALUE... TEXT
logged() { journalctl --quiet --output cat "${@:1:$#-1}" | grep -- "${!#}" >/dev/null; }
install_package() { apt-get install --yes --no-install-recommends "$@"; }
upgrades=/packages/next
# slow_shopper ORDER MS: who pays that order will take so long. Told to the simulated cloud.
slow_shopper() {
    local body="{\"shoppers\":[{\"order\":\"$1\",\"does\":\"pays\",\"after_ms\":$2}]}" control answer
    exec {control}<>/dev/tcp/127.0.0.1/8444
    printf 'POST /script HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
        "${#body}" "$body" >&"$control"
    IFS= read -r -t 10 -u "$control" answer
    exec {control}>&-
    [[ $answer == *" 200 "* ]] || fail "the simulated cloud says: $answer"
}

step "Install: the bridge is there and not started"
install_package /packages/ecrbridge_*.deb /packages/ecrbridge-simulator_*.deb
[[ $(property UnitFileState) == disabled ]] || fail "it is enabled"
state_is inactive || fail "it was started"
[[ $(stat -c %a /etc/ecrbridge/keys) == 700 ]] || fail "others may look at the keys"

step "Start without having configured it: a sentence, not a riddle"
systemctl start ecrbridged && fail "it started"
state_is failed || fail "it has not failed"
echo "status: $(property StatusText)"
status_has "client-key" || fail "the status does not name the key"
until_true "the failure is said" logged _SYSTEMD_UNIT=ecrbridged-failed.service bridge.failed
begun=$(property ExecMainStartTimestampMonotonic)
systemctl stop ecrbridged
until_true "a stop ends the starting again" state_is inactive ecrbridged-failed.service
[[ $(property ExecMainStartTimestampMonotonic) == "$begun" ]] || fail "it was started after the stop"

step "Rehearsal"
ecrbridged --rehearse --rehearse-fast --rehearse-port 9190 >/run/accept/rehearsal.log 2>&1 &
rehearsal=$!
until_true "the rehearsal" ecrbridge --bridge 127.0.0.1:9190 ping >/dev/null 2>&1
ecrbridge --bridge 127.0.0.1:9190 pay 110 --order R1 --channel wx
kill "$rehearsal"
wait "$rehearsal"

step "Configure, without a question"
mkdir -p /srv/sim
systemd-run --quiet --unit sim --working-directory /srv/sim --property Restart=always \
    qfpay-sim --terminal T1 --ca-file /srv/sim/ca.pem
until_true "the simulated cloud" test -s /srv/sim/ca.pem
install -m 0644 /srv/sim/ca.pem /etc/ecrbridge/sim-ca.pem
(umask 077 && echo open-sesame >/etc/ecrbridge/keys/shop)
# set_up KEY OPTION...
set_up() {
    ECRBRIDGE_CLIENT_KEY=$1 ecrbridge setup --no-questions --url https://localhost:8443 \
        --ca-file /etc/ecrbridge/sim-ca.pem --app-code A1B2C3D4E5F60718293A4B5C6D7E8F90 \
        --terminal T1 --link pos-program,pty,/run/ecrbridge/tty-pos,channel=wx \
        --link "shop,tcp,127.0.0.1:9100,channel=wx,token_file=/run/credentials/ecrbridged.service/keys_shop" \
        --set bridge.drain_s=1 "${@:2}"
}
key=0F1E2D3C4B5A69788796A5B4C3D2E1F0
set_up 00000000000000000000000000000000 && fail "a wrong key is taken"
[[ ! -e /etc/ecrbridge/client.key ]] || fail "a wrong key is stored"
set_up "$key"
[[ $(stat -c '%a %U' /etc/ecrbridge/client.key) == "600 root" ]] || fail "others may read the key"
grep -q "$key" /etc/ecrbridge/ecrbridged.toml && fail "the key is in the configuration"
state_is active && fail "it was started untold"
ecrbridged --check-config
set_up "$key" --set bridge.drain_s=2 && fail "it replaces a configuration untold"
set_up "$key" --set orders.queue_max=9 --replace --start
[[ -e /etc/ecrbridge/ecrbridged.toml.old-1 ]] || fail "the old configuration is not kept"

step "Started: ready when it listens, under a user of its own, in its sandbox"
[[ $(property UnitFileState) == enabled ]] || fail "it is not enabled"
status_has "Ready. Links: 2." || fail "the status is: $(property StatusText)"
pid=$(property MainPID)
grep -E '^(Uid|NoNewPrivs|Seccomp|CapBnd):' "/proc/$pid/status" | tr '\n' ' '
echo
grep -q '^Seccomp:.2' "/proc/$pid/status" || fail "no filter of system calls"
[[ $(awk '/^Uid:/{print $2}' "/proc/$pid/status") != 0 ]] || fail "it is root"
[[ $(stat -c %a /var/lib/private/ecrbridge/journal.db) == 600 ]] || fail "others read the journal"
shop=(ecrbridge --token-file /etc/ecrbridge/keys/shop)

step "Pay, over TCP and through the virtual port as somebody else"
"${shop[@]}" pay 110 --order A1
[[ $("${shop[@]}" --json status A1) == *'"state":"paid"'* ]] || fail "A1 is not paid"
cat >/run/accept/till.sh <<'TILL'
exec {line}<>/run/ecrbridge/tty-pos
stty raw -echo <&$line
printf 'pay order=B1 amount=250\r\n' >&$line
while IFS= read -r -t 30 -u $line reply; do
    echo "$reply"
    case $reply in *" state=paid "*) exit 0 ;; result* | error*) exit 1 ;; esac
done
exit 1
TILL
setpriv --reuid nobody --clear-groups bash /run/accept/till.sh || fail "not paid through the port"
logged ECR_ORDER=A1 _SYSTEMD_UNIT=ecrbridged.service to=paid || fail "the log has no field for it"
echo "journalctl ECR_ORDER=A1: $(journalctl --quiet --output cat ECR_ORDER=A1 | wc -l) entries"

step "A copy of the journal while the bridge runs"
ecrbridge backup /run/accept/copy.db
ecrbridge verify /run/accept/copy.db
ecrbridge verify
[[ $(stat -c %a /run/accept/copy.db) == 600 ]] || fail "others read the copy"

step "With serial.conf it starts, too"
install -D -m 0644 /usr/share/doc/ecrbridge/examples/serial.conf \
    /etc/systemd/system/ecrbridged.service.d/serial.conf
systemctl daemon-reload
systemctl restart ecrbridged
"${shop[@]}" ping

step "Upgrade with an order open: it waits, and goes on"
pid=$(property MainPID)
slow_shopper U1 30000
"${shop[@]}" pay 110 --order U1 >/run/accept/u1.log &
paying=$!
until_true "U1 is on the terminal" status_has "Orders in hand: 1"
install_package $upgrades/ecrbridge_*.deb | tee /run/accept/upgrade.log
grep -q 'waiting for 1 open order' /run/accept/upgrade.log || fail "it has not waited"
grep -q 'no order is open after' /run/accept/upgrade.log || fail "it has not said that it was over"
wait "$paying" || fail "U1: $(</run/accept/u1.log)"
cat /run/accept/u1.log
[[ $(property MainPID) != "$pid" ]] || fail "the old program goes on"
[[ $(dpkg-query -W -f '${Version}' ecrbridge) == *next1 ]] || fail "not the new version"
[[ $("${shop[@]}" --json status U1) == *'"state":"paid"'* ]] || fail "U1 is not paid"
grep -q keys_shop /etc/ecrbridge/ecrbridged.toml || fail "the configuration is not kept"

step "Back to the earlier version with an order that outlives the waiting: the next start ends it"
slow_shopper U2 45000
"${shop[@]}" pay 110 --order U2 >/run/accept/u2.log 2>&1 &
paying=$!
until_true "U2 is on the terminal" status_has "Orders in hand: 1"
ECRBRIDGE_WAIT_S=1 install_package --allow-downgrades /packages/ecrbridge_*.deb | tee /run/accept/back.log
grep -q 'still open; they go on at the next start' /run/accept/back.log || fail "it has not said so"
wait "$paying" || true
cat /run/accept/u2.log
is_paid() { [[ $("${shop[@]}" --json status "$1") == *'"state":"paid"'* ]]; }
until_true "U2 is paid" is_paid U2
logged ECR_ORDER=U2 order.recovered || fail "U2 did not outlive the bridge"

step "Killed: it comes back"
restarts=$(property NRestarts)
kill -KILL "$(property MainPID)"
comes_back() { state_is active && (($(property NRestarts) > restarts)) && "${shop[@]}" ping >/dev/null; }
until_true "back after a kill" comes_back

step "Stuck: the watchdog ends it, and it comes back"
mkdir -p /etc/systemd/system/ecrbridged.service.d
printf '[Service]\nWatchdogSec=3\n' >/etc/systemd/system/ecrbridged.service.d/quick.conf
sed -n '/^ExecStart=/s/sleep 60/sleep 3/p' /lib/systemd/system/ecrbridged-failed.service |
    sed '1i [Service]\nExecStart=' >/run/accept/quick-failed.conf
systemctl daemon-reload
systemctl restart ecrbridged
sleep 8  # nearly three times the watchdog's patience
[[ $(property NRestarts) == 0 ]] || fail "a bridge that works is ended"
restarts=$(property NRestarts)
kill -STOP "$(property MainPID)"
until_true "back after a standstill" comes_back
logged _PID=1 "Watchdog timeout" || fail "the watchdog has not said so"

step "A crash loop is visible, and ends by itself when it is repaired"
install -D -m 0644 /run/accept/quick-failed.conf \
    /etc/systemd/system/ecrbridged-failed.service.d/quick.conf
systemctl daemon-reload
for ((i = 0; i < 8; i++)); do
    state_is failed && break
    until_true "up" state_is active
    kill -KILL "$(property MainPID)"
    until_true "noticed" test ! -e "/proc/$(property MainPID)/exe" -o "$(property MainPID)" = 0
    sleep 0.3
    for ((j = 0; j < 20; j++)); do
        { state_is active || state_is failed; } && break
        sleep 0.2
    done
done
state_is failed || fail "it has not failed after $i kills"
systemctl --failed --no-legend | grep ecrbridged || fail "systemctl --failed does not show it"
until_true "it is back by itself" state_is active
"${shop[@]}" ping

step "Remove: stopped; purge: configuration and keys go, the journal stays"
apt-get remove --yes ecrbridge
state_is active && fail "it still runs"
[[ -e /etc/ecrbridge/ecrbridged.toml ]] || fail "removing takes the configuration"
rm -r /etc/systemd/system/ecrbridged.service.d /etc/systemd/system/ecrbridged-failed.service.d
rm /etc/ecrbridge/sim-ca.pem
mkdir /run/accept/kept
cp -a /etc/ecrbridge/{ecrbridged.toml,client.key,keys} /run/accept/kept
apt-get purge --yes ecrbridge
[[ ! -e /etc/ecrbridge ]] || fail "left: $(find /etc/ecrbridge)"
[[ -e /var/lib/private/ecrbridge/journal.db ]] || fail "the journal is gone"
[[ -z $(find /etc/systemd /lib/systemd /usr/bin /usr/libexec -name '*ecrbridge*') ]] ||
    fail "left: $(find /etc/systemd /lib/systemd /usr/bin /usr/libexec -name '*ecrbridge*')"
[[ -z $(dpkg --audit) ]] || fail "dpkg --audit"

step "Installed again it knows the old orders"
install_package /packages/ecrbridge_*.deb
cp -a /run/accept/kept/. /etc/ecrbridge
install -m 0644 /srv/sim/ca.pem /etc/ecrbridge/sim-ca.pem
systemctl start ecrbridged
is_paid A1 || fail "A1 is forgotten"

step "A purge that is told to takes the journal, too"
rm /etc/ecrbridge/sim-ca.pem
ECRBRIDGE_PURGE_JOURNAL=yes apt-get purge --yes ecrbridge ecrbridge-simulator
[[ ! -e /var/lib/private/ecrbridge && ! -e /var/lib/ecrbridge ]] || fail "the journal is still there"

step "All is as it should be"
