# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of lsmod for fish.

complete -c lsmod -f
complete -c lsmod -s s -l syslog -d 'Messages go to syslog'
complete -c lsmod -s v -l verbose -d 'More messages'
complete -c lsmod -s V -l version -d 'Show version'
complete -c lsmod -s h -l help -d 'Show help'
