# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of modprobe for fish.

# The first word that is a module: neither an option nor an option's value.
function __libmod_modprobe_module
    set -l skip
    for word in (commandline -opc)[2..]
        if set -q skip[1]
            set -e skip
        else if contains -- $word -C -d -S -w --config --dirname --set-version --wait
            set skip yes
        else if not string match -q -- '-*' $word
            echo -- $word
            return
        end
    end
    return 1
end

# Are parameters of a module to come?
function __libmod_modprobe_at_parameter
    not __fish_contains_opt -s a -s r all remove remove-holders
    and __libmod_modprobe_module >/dev/null
end

function __libmod_modprobe_parameters
    set -l root (__libmod_value -d --dirname)
    set -l release (__libmod_value -S --set-version)
    set -lx PATH $PATH /usr/sbin /sbin
    modinfo (test -n "$root"; and printf '%s\n' -b $root) \
        (test -n "$release"; and printf '%s\n' -k $release) \
        -p (__libmod_modprobe_module) 2>/dev/null |
        string match -r '^[A-Za-z0-9_]+:.*' | string replace : =\t
end

complete -c modprobe -s a -l all -d 'Every word is a module'
complete -c modprobe -l modules-load -d 'Load what is listed for boot'
complete -c modprobe -l jobs -x -d 'Load so many modules at the same time'
complete -c modprobe -s r -l remove -d 'Unload, with what nothing needs then'
complete -c modprobe -l remove-holders -d 'Unload also what uses it'
complete -c modprobe -s R -l show-alias -d 'Print the modules that a name means'
complete -c modprobe -s D -l show-depends -d 'Print all that loading takes'
complete -c modprobe -l show-modversions -d 'Print the symbols that it wants'
complete -c modprobe -l show-exports -d 'Print the symbols that it offers'
complete -c modprobe -s c -l show-config -d 'Print the configuration and all aliases'
complete -c modprobe -l check-policy -d 'Tell whether it could be loaded'
complete -c modprobe -l generate-policy -d 'Print an allow list of what is loaded'
complete -c modprobe -l json -d 'Print JSON'
complete -c modprobe -s n -l dry-run -d 'Print what would be done'
complete -c modprobe -s i -l ignore-install -d 'Ignore commands and softdeps'
complete -c modprobe -l ignore-remove -d 'Ignore commands and softdeps'
complete -c modprobe -s b -l use-blacklist -d 'The blacklist holds for names, too'
complete -c modprobe -l ignore-mask -d 'Load it although it is masked'
complete -c modprobe -l strict-params -d 'Refuse unknown parameters'
complete -c modprobe -l first-time -d 'Nothing to do is an error'
complete -c modprobe -s w -l wait -x -d 'Try for so many ms while it is in use'
complete -c modprobe -s f -l force -d 'Load it although versions do not fit'
complete -c modprobe -l force-modversion -d 'Ignore the versions of symbols'
complete -c modprobe -l force-vermagic -d 'Ignore the version of the kernel'
complete -c modprobe -s C -l config -r -d 'Configuration in place of the default folders'
complete -c modprobe -s d -l dirname -x -a '(__fish_complete_directories)' -d 'Look below a folder'
complete -c modprobe -s S -l set-version -x -a '(__libmod_releases (__libmod_value -d --dirname))' -d 'Modules of that kernel'
complete -c modprobe -s q -l quiet -d 'No messages'
complete -c modprobe -s v -l verbose -d 'Print what is done'
complete -c modprobe -s s -l syslog -d 'Messages go to syslog'
complete -c modprobe -s V -l version -d 'Show version'
complete -c modprobe -s h -l help -d 'Show help'
complete -c modprobe -F -n 'not __fish_contains_opt -s r remove remove-holders; and not __libmod_modprobe_at_parameter' -a '(__libmod_modules (__libmod_value -d --dirname) (__libmod_value -S --set-version))' -d 'Module'
complete -c modprobe -f -n '__fish_contains_opt -s r remove remove-holders' -a '(__libmod_loaded)' -d 'Loaded module'
complete -c modprobe -f -n __libmod_modprobe_at_parameter -a '(__libmod_modprobe_parameters)'
