# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of insmod for fish.

# The first word that is no option: the file.
function __libmod_insmod_file
    string match -v -- '-*' (commandline -opc)[2..] | head -n 1 | string match '*'
end

function __libmod_insmod_parameters
    set -lx PATH $PATH /usr/sbin /sbin
    modinfo -p (__libmod_insmod_file) 2>/dev/null |
        string match -r '^[A-Za-z0-9_]+:.*' | string replace : =\t
end

complete -c insmod -s f -l force -d 'Load it although versions do not fit'
complete -c insmod -l force-modversion -d 'Ignore the versions of symbols'
complete -c insmod -l force-vermagic -d 'Ignore the version of the kernel'
complete -c insmod -s s -l syslog -d 'Messages go to syslog'
complete -c insmod -s v -l verbose -d 'More messages'
complete -c insmod -s V -l version -d 'Show version'
complete -c insmod -s h -l help -d 'Show help'
complete -c insmod -F -n 'not __libmod_insmod_file >/dev/null'
complete -c insmod -f -n '__libmod_insmod_file >/dev/null' -a '(__libmod_insmod_parameters)'
