# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of modinfo for fish.

complete -c modinfo -s a -l author -d 'Only the authors'
complete -c modinfo -s d -l description -d 'Only the description'
complete -c modinfo -s l -l license -d 'Only the licence'
complete -c modinfo -s p -l parameters -d 'Only the parameters'
complete -c modinfo -s n -l filename -d 'Only the path'
complete -c modinfo -s F -l field -x -d 'Only the values of a field' -a 'alias author build-id depends description filename firmware import_ns intree license name parm parmtype retpoline sig_hashalgo sig_id sig_key signature signer softdep srcversion staging vermagic version weakdep'
complete -c modinfo -s 0 -l null -d 'End records with NUL'
complete -c modinfo -s m -l modname -d 'Operands are names of modules'
complete -c modinfo -s k -l set-version -x -a '(ls /lib/modules 2>/dev/null)' -d 'Modules of that kernel'
complete -c modinfo -s b -l basedir -x -a '(__fish_complete_directories)' -d 'Look below a folder'
complete -c modinfo -s V -l version -d 'Show version'
complete -c modinfo -s h -l help -d 'Show help'
complete -c modinfo -F -a '(cat /lib/modules/(uname -r)/modules.{dep,builtin} 2>/dev/null | string replace -r ":.*" "" | string replace -r ".*/" "" | string replace -r "\..*" "" | string replace -a - _)'
