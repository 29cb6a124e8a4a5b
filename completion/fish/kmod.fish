# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of kmod for fish.

function __libmod_kmod_releases
    for dir in (__libmod_value -b --basedir)/lib/modules/*/
        path basename $dir
    end
end

complete -c kmod -f
complete -c kmod -n __fish_use_subcommand -a help -d 'Show the commands'
complete -c kmod -n __fish_use_subcommand -a list -d 'List the loaded modules'
complete -c kmod -n __fish_use_subcommand -a sign -d 'Sign module files'
complete -c kmod -n __fish_use_subcommand -a static-nodes -d 'Show the device nodes of modules'
complete -c kmod -n __fish_use_subcommand -s V -l version -d 'Show version'
complete -c kmod -s h -l help -d 'Show help'
complete -c kmod -n '__fish_seen_subcommand_from list' -s o -l output -x -a 'name size used by state taints permanent' -d 'These columns'
complete -c kmod -n '__fish_seen_subcommand_from list' -l sort -x -a 'name size used by state taints permanent -name -size -used' -d 'By that column'
complete -c kmod -n '__fish_seen_subcommand_from list' -l json -d 'As JSON'
complete -c kmod -n '__fish_seen_subcommand_from list' -s s -l syslog -d 'Messages go to syslog'
complete -c kmod -n '__fish_seen_subcommand_from list' -s v -l verbose -d 'More messages'
complete -c kmod -n '__fish_seen_subcommand_from list' -s V -l version -d 'Show version'
complete -c kmod -n '__fish_seen_subcommand_from static-nodes' -s f -l format -x -a 'human tmpfiles devname' -d 'How to write'
complete -c kmod -n '__fish_seen_subcommand_from static-nodes' -l json -d 'As JSON'
complete -c kmod -n '__fish_seen_subcommand_from static-nodes' -s k -l set-version -x -a '(__libmod_kmod_releases)' -d 'Of that kernel'
complete -c kmod -n '__fish_seen_subcommand_from static-nodes' -s b -l basedir -x -a '(__fish_complete_directories)' -d 'Look below a folder'
complete -c kmod -n '__fish_seen_subcommand_from static-nodes' -s o -l output -r -d 'Where to write'
complete -c kmod -n '__fish_seen_subcommand_from sign' -F
complete -c kmod -n '__fish_seen_subcommand_from sign' -s k -l key -r -d 'The private key'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s c -l cert -r -d 'Its certificate'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s H -l hash -x -a 'sha256 sha384 sha512 sha224 sha3-256 sha3-384 sha3-512 sha1' -d 'The digest'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s i -l key-id -d 'Name the key by its id'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s t -l tree -x -a '(__fish_complete_directories)' -d 'All modules below a folder'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s u -l only-unsigned -d 'Pass over what is signed'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s r -l replace -d 'In place of signatures that are there'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s S -l strip -d 'Take signatures off'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s j -l jobs -x -d 'Threads for many modules'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s v -l verbose -d 'Name each file that was changed'
complete -c kmod -n '__fish_seen_subcommand_from sign' -s V -l version -d 'Show version'
