# SPDX-License-Identifier: LGPL-2.1-or-later
# The value that one of these options has in the line so far.

function __libmod_value
    set -l words (commandline -opc) ''
    set -l value
    for i in (seq 2 (math (count $words) - 1))
        if contains -- $words[$i] $argv
            set value $words[(math $i + 1)]
        else
            for option in (string match -- '--*' $argv)
                string match -q -- "$option=*" $words[$i]
                and set value (string replace -- "$option=" '' $words[$i])
            end
        end
    end
    echo -- $value
end
