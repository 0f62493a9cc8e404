# fish completion for ecrbridge: asks the program itself, so it is never out of date.
function __ecrbridge_verbs
    ecrbridge --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\)  *\(.*\)/\1\t\2/p'
end
function __ecrbridge_options
    set -l verb (commandline -opc)[2..-1]
    for each in $verb
        if __ecrbridge_verbs | string match -q "$each"\t"*"
            ecrbridge $each --help 2>/dev/null
            break
        end
    end | sed -n '/^  *-/{s/^ *//;s/[:= ].*//;p}' | grep -oE -- '--[a-z-]+'
    ecrbridge --help 2>/dev/null | sed -n '/^  *-/{s/^ *//;s/[:= ].*//;p}' | grep -oE -- '--[a-z-]+'
end
function __ecrbridge_has_no_verb
    for each in (commandline -opc)[2..-1]
        __ecrbridge_verbs | string match -q "$each"\t"*"; and return 1
    end
end
complete -c ecrbridge -n __ecrbridge_has_no_verb -f -a '(__ecrbridge_verbs)'
complete -c ecrbridge -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__ecrbridge_options)'
