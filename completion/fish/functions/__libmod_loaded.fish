# SPDX-License-Identifier: LGPL-2.1-or-later
# The loaded modules.  - and _ are the same; what was typed stays as it is.

function __libmod_loaded
    awk -v cur=(commandline -ct) '
        BEGIN { want = cur; gsub(/-/, "_", want) }
        index($1, want) == 1 { print cur substr($1, length(cur) + 1) }
        ' /proc/modules 2>/dev/null
end
