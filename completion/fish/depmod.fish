# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of depmod for fish.

function __libmod_depmod_releases
    set -l modules (__libmod_value -m --moduledir)
    test -n "$modules"
    or set modules /lib/modules
    for dir in (__libmod_value -b --basedir)/$modules/*/
        path basename $dir
    end
end

complete -c depmod -s a -l all -d 'All modules of the tree'
complete -c depmod -s A -l quick -d 'Only when something is newer'
complete -c depmod -s b -l basedir -x -a '(__fish_complete_directories)' -d 'Root in front of the module folder'
complete -c depmod -s m -l moduledir -x -a '(__fish_complete_directories)' -d 'The module folder'
complete -c depmod -s o -l outdir -x -a '(__fish_complete_directories)' -d 'Root for what is written'
complete -c depmod -s C -l config -r -d 'Configuration in place of the default folders'
complete -c depmod -s e -l errsyms -d 'Report unknown symbols'
complete -c depmod -s E -l symvers -r -d 'The symbols of the kernel: a Module.symvers'
complete -c depmod -s F -l filesyms -r -d 'The symbols of the kernel: a System.map'
complete -c depmod -s P -l symbol-prefix -x -d 'What symbols begin with'
complete -c depmod -s j -l jobs -x -d 'How many threads'
complete -c depmod -s n -l show -d 'Print the text files, write nothing'
complete -c depmod -l dry-run -d 'Print the text files, write nothing'
complete -c depmod -s w -l warn -d 'Warn of aliases that a module has twice'
complete -c depmod -s x -l errexit -d 'Fail when a module or folder could not be read'
complete -c depmod -l cache -r -d 'Remember modules there'
complete -c depmod -l no-cache -d 'Remember nothing'
complete -c depmod -l json -d 'With -n, the modules and what each needs'
complete -c depmod -l no-sync -d 'Do not wait for the disk'
complete -c depmod -s v -l verbose -d 'Show who needs whom'
complete -c depmod -s V -l version -d 'Show version'
complete -c depmod -s h -l help -d 'Show help'
complete -c depmod -F -a '(__libmod_depmod_releases)' -d 'Release'
