# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of lsmod for fish.

complete -c lsmod -f
complete -c lsmod -s o -l output -x -a 'name size used by state taints permanent' -d 'These columns'
complete -c lsmod -l sort -x -a 'name size used by state taints permanent -name -size -used' -d 'By that column'
complete -c lsmod -l json -d 'As JSON'
complete -c lsmod -s s -l syslog -d 'Messages go to syslog'
complete -c lsmod -s v -l verbose -d 'More messages'
complete -c lsmod -s V -l version -d 'Show version'
complete -c lsmod -s h -l help -d 'Show help'
