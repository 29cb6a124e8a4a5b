# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of rmmod for fish.

# Loaded modules.  - and _ are the same; what was typed stays as it is.
function __libmod_rmmod_loaded
    awk -v cur=(commandline -ct) '
        BEGIN { want = cur; gsub(/-/, "_", want) }
        index($1, want) == 1 { print cur substr($1, length(cur) + 1) }
        ' /proc/modules 2>/dev/null
end

complete -c rmmod -s w -l wait -d 'While it is in use, try again'
complete -c rmmod -s f -l force -d 'Remove it even while it is in use'
complete -c rmmod -s s -l syslog -d 'Messages go to syslog'
complete -c rmmod -s v -l verbose -d 'More messages'
complete -c rmmod -s V -l version -d 'Show version'
complete -c rmmod -s h -l help -d 'Show help'
complete -c rmmod -f -a '(__libmod_rmmod_loaded)' -d 'Loaded module'
