# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of kmod for fish.

complete -c kmod -f
complete -c kmod -n __fish_use_subcommand -a help -d 'Show the commands'
complete -c kmod -n __fish_use_subcommand -a list -d 'List the loaded modules'
complete -c kmod -n __fish_use_subcommand -a static-nodes -d 'Show the device nodes of modules'
complete -c kmod -n __fish_use_subcommand -s V -l version -d 'Show version'
complete -c kmod -s h -l help -d 'Show help'
complete -c kmod -n '__fish_seen_subcommand_from list' -s s -l syslog -d 'Messages go to syslog'
complete -c kmod -n '__fish_seen_subcommand_from list' -s v -l verbose -d 'More messages'
complete -c kmod -n '__fish_seen_subcommand_from list' -s V -l version -d 'Show version'
complete -c kmod -n '__fish_seen_subcommand_from static-nodes' -s f -l format -x -a 'human tmpfiles devname' -d 'How to write'
complete -c kmod -n '__fish_seen_subcommand_from static-nodes' -s o -l output -r -d 'Where to write'
