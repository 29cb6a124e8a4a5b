# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of rmmod for fish.

complete -c rmmod -s w -l wait -d 'While it is in use, try again'
complete -c rmmod -s f -l force -d 'Remove it even while it is in use'
complete -c rmmod -s s -l syslog -d 'Messages go to syslog'
complete -c rmmod -s v -l verbose -d 'More messages'
complete -c rmmod -s V -l version -d 'Show version'
complete -c rmmod -s h -l help -d 'Show help'
complete -c rmmod -f -a '(__libmod_loaded)' -d 'Loaded module'
