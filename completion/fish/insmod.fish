# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of insmod for fish.

complete -c insmod -s f -l force -d 'Load it although versions do not fit'
complete -c insmod -l force-modversion -d 'Ignore the versions of symbols'
complete -c insmod -l force-vermagic -d 'Ignore the version of the kernel'
complete -c insmod -s s -l syslog -d 'Messages go to syslog'
complete -c insmod -s v -l verbose -d 'More messages'
complete -c insmod -s V -l version -d 'Show version'
complete -c insmod -s h -l help -d 'Show help'
complete -c insmod -F
