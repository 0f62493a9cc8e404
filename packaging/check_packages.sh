#!/usr/bin/env bash
# Looks at the packages in build/packages: what they hold, what lintian says, whether the programs
# run from where they are unpacked, the units, the sandbox, the manuals and the completions. An error
# at anything that is not as it should be.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
status=0
complain() {
    echo "check_packages.sh: $*" >&2
    status=1
}

packages=(build/packages/ecrbridge_*.deb build/packages/ecrbridge-simulator_*.deb)
for package in "${packages[@]}"; do
    dpkg-deb --extract "$package" "$root"
done

# --- What they hold ---------------------------------------------------------------------------
while read -r mode path; do
    found=$(stat -L -c %a "$root/$path" 2>/dev/null) || { complain "missing: /$path"; continue; }
    [[ $found == "$mode" ]] || complain "/$path has mode $found in place of $mode"
done <<'FILES'
755 usr/bin/ecrbridged
755 usr/bin/ecrbridge
755 usr/bin/qfpay-sim
755 usr/libexec/ecrbridge/wait-for-orders
644 etc/ecrbridge/ecrbridged.toml
700 etc/ecrbridge/keys
644 lib/systemd/system/ecrbridged.service
644 lib/systemd/system/ecrbridged-failed.service
644 usr/share/doc/ecrbridge/copyright
644 usr/share/doc/ecrbridge/changelog.gz
644 usr/share/doc/ecrbridge/guide.md
644 usr/share/doc/ecrbridge/examples/serial.conf
644 usr/share/doc/ecrbridge/examples/openapi.yaml
644 usr/share/doc/ecrbridge/examples/alerts.yml
644 usr/share/doc/ecrbridge/examples/samples/till.py
644 usr/share/man/man8/ecrbridged.8.gz
644 usr/share/man/man1/ecrbridge.1.gz
644 usr/share/man/man1/qfpay-sim.1.gz
FILES
for package in "${packages[@]}"; do
    if dpkg-deb --contents "$package" | awk '$2 !~ /^root.root$/' | grep . >/dev/null; then
        complain "$package holds files that are not root's"
    fi
done
[[ $(dpkg-deb --info "${packages[0]}" conffiles) == /etc/ecrbridge/ecrbridged.toml ]] ||
    complain "the configuration is no conffile"
for rpm in build/packages/*.rpm; do
    [[ -e $rpm && $rpm != *simulator* ]] || continue
    rpm -qp --configfiles "$rpm" | grep -x /etc/ecrbridge/ecrbridged.toml >/dev/null ||
        complain "$rpm: the configuration is no configuration file"
    rpm -qpl "$rpm" | grep -x /usr/lib/systemd/system/ecrbridged.service >/dev/null ||
        complain "$rpm: no unit"
done

# --- What Debian says about them --------------------------------------------------------------
lintian --allow-root --tag-display-limit 0 --fail-on error,warning "${packages[@]}" || status=1

# --- The programs -----------------------------------------------------------------------------
# words_of PROGRAM [VERB]: the long options that its help names.
words_of() {
    "$root/usr/bin/$1" "${@:2}" --help | sed -n '/^  *-/{s/^ *//;s/[:= ].*//;p}' | grep -oE -- '--[a-z-]+'
}
verbs=$("$root/usr/bin/ecrbridge" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
for program in ecrbridged.8 ecrbridge.1 qfpay-sim.1; do
    name=${program%.*}
    "$root/usr/bin/$name" --version >/dev/null || complain "$name --version"
    manual=$(gzip -dc "$root/usr/share/man/man${program##*.}/$program.gz" | sed 's/\\-/-/g')
    options=$(words_of "$name")
    if [[ $name == ecrbridge ]]; then
        for verb in $verbs; do
            grep -qE "^\.(B|BI|BR|TP)?.*\b$verb\b" <<<"$manual" ||
                complain "the manual of ecrbridge does not know the command $verb"
            options+=" $(words_of ecrbridge "$verb")"
        done
    fi
    for option in $options; do
        grep -qE -- "$option([^a-z-]|\$)" <<<"$manual" ||
            complain "the manual of $name does not know $option"
    done
    mandoc -Tlint -W warning "packaging/man/$program" || status=1
done

# As a shop has it: with its codes in it, and the key still where only the service sees it.
sed 's/REPLACE-WITH-YOUR-//' "$root/etc/ecrbridge/ecrbridged.toml" >"$root/shop.toml"
"$root/usr/bin/ecrbridged" --check-config --config "$root/shop.toml" >/dev/null ||
    complain "the configuration is not fine"

# --- The completion ---------------------------------------------------------------------------
# complete LINE: what bash offers behind it.
complete_line() {
    PATH="$root/usr/bin:$PATH" bash -c '. "$0" && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) &&
        _ecrbridge && printf "%s\n" "${COMPREPLY[@]}"' \
        "$root/usr/share/bash-completion/completions/ecrbridge" "$@"
}
[[ $(complete_line ecrbridge '') == "$verbs" ]] || complain "completion: not all commands"
[[ $(complete_line ecrbridge ref) == refund ]] || complain "completion: ref"
[[ $(complete_line ecrbridge refund A1 --vi) == --via ]] || complain "completion: --vi"
[[ $(complete_line ecrbridge --json pay --ch) == --channel ]] || complain "completion: --ch"
if command -v zsh >/dev/null; then
    zsh -n "$root/usr/share/zsh/vendor-completions/_ecrbridge" || complain "zsh"
fi
if command -v fish >/dev/null; then
    fish -n "$root/usr/share/fish/vendor_completions.d/ecrbridge.fish" || complain "fish"
fi

# --- The units --------------------------------------------------------------------------------
# exposed THRESHOLD: below that, tenths; what systemd thinks of the sandbox.
exposed() {
    systemd-analyze security --offline=true --threshold="$1" "$units/ecrbridged.service" |
        tail -1 | grep . || complain "the sandbox is weaker than $1"
}
if command -v systemd-analyze >/dev/null; then
    units=$root/units
    mkdir -p "$units/ecrbridged.service.d"
    sed "s|=/usr/bin/|=$root/usr/bin/|" "$root/lib/systemd/system/ecrbridged.service" \
        >"$units/ecrbridged.service"
    cp "$root/lib/systemd/system/ecrbridged-failed.service" "$units"
    said=$(systemd-analyze verify --man=no "$units"/*.service 2>&1) || complain "verify"
    [[ -z $said ]] || complain "verify: $said"
    exposed 13
    cp "$root/usr/share/doc/ecrbridge/examples/serial.conf" "$units/ecrbridged.service.d"
    exposed 17
else
    echo "check_packages.sh: no systemd-analyze here; the units are not looked at"
fi

((status == 0)) && echo "check_packages.sh: fine"
exit "$status"
