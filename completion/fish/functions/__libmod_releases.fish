# SPDX-License-Identifier: LGPL-2.1-or-later
# __libmod_releases ROOT [DIRECTORY]: the kernels that have modules below ROOT.

function __libmod_releases
    set -l modules $argv[2]
    test -n "$modules"; or set modules /lib/modules
    for dir in $argv[1]/$modules/*/
        path basename $dir
    end
end
