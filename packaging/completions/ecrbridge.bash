# bash completion for ecrbridge: asks the program itself, so it is never out of date.
_ecrbridge() {
    local word=${COMP_WORDS[COMP_CWORD]} verbs verb='' each
    verbs=$(ecrbridge --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
    for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if [[ -z $verb && " ${verbs//$'\n'/ } " == *" $each "* ]]; then
            verb=$each
        fi
    done
    local choices
    if [[ $word == -* ]]; then
        choices=$({ ecrbridge --help; [[ -z $verb ]] || ecrbridge "$verb" --help; } 2>/dev/null |
            sed -n '/^  *-/{s/^ *//;s/[:= ].*//;p}' | grep -oE -- '--[a-z-]+' | sort -u)
    elif [[ -z $verb ]]; then
        choices=$verbs
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
    fi
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}
complete -F _ecrbridge ecrbridge
