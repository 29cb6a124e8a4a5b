# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of modinfo for fish.

function __libmod_modinfo_releases
    for dir in (__libmod_value -b --basedir)/lib/modules/*/
        path basename $dir
    end
end

# Modules of the tree.  - and _ are the same; what was typed stays as it is.
function __libmod_modinfo_modules
    set -l release (__libmod_value -k --set-version)
    set -q release[1]; and test -n "$release"; or set release (uname -r)
    set -l tree (__libmod_value -b --basedir)/lib/modules/$release
    awk -F'[: ]' -v cur=(commandline -ct) '
        BEGIN { want = cur; gsub(/-/, "_", want) }
        {
            name = $1
            sub(/.*\//, "", name)
            sub(/\..*/, "", name)
            gsub(/-/, "_", name)
        }
        index(name, want) == 1 && name !~ /[^A-Za-z0-9_]/ {
            print cur substr(name, length(cur) + 1)
        }' $tree/modules.dep $tree/modules.builtin 2>/dev/null
end

complete -c modinfo -s a -l author -d 'Only the authors'
complete -c modinfo -s d -l description -d 'Only the description'
complete -c modinfo -s l -l license -d 'Only the licence'
complete -c modinfo -s p -l parameters -d 'Only the parameters'
complete -c modinfo -s n -l filename -d 'Only the path'
complete -c modinfo -s F -l field -x -d 'Only the values of a field' -a 'alias author build-id depends description filename firmware import_ns intree license name parm parmtype retpoline sig_hashalgo sig_id sig_key signature signer softdep srcversion staging vermagic version weakdep'
complete -c modinfo -s 0 -l null -d 'End records with NUL'
complete -c modinfo -s m -l modname -d 'Operands are names of modules'
complete -c modinfo -s k -l set-version -x -a '(__libmod_modinfo_releases)' -d 'Modules of that kernel'
complete -c modinfo -s b -l basedir -x -a '(__fish_complete_directories)' -d 'Look below a folder'
complete -c modinfo -l live -d 'Parameters as they are now'
complete -c modinfo -l json -d 'As JSON'
complete -c modinfo -s j -l jobs -x -d 'Threads for many modules'
complete -c modinfo -l verify -d 'Check signatures instead'
complete -c modinfo -l keyring -r -a 'builtin system' -d 'Certificates to check by'
complete -c modinfo -s V -l version -d 'Show version'
complete -c modinfo -s h -l help -d 'Show help'
complete -c modinfo -F -a '(__libmod_modinfo_modules)' -d 'Module'
