# SPDX-License-Identifier: LGPL-2.1-or-later
# __libmod_modules ROOT RELEASE: the modules of a tree; an empty RELEASE is the
# running kernel's.  - and _ are the same; what was typed stays as it is.

function __libmod_modules
    set -l release $argv[2]
    test -n "$release"; or set release (uname -r)
    set -l tree $argv[1]/lib/modules/$release
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
