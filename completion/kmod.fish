# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of @TOOL@ for fish.

@OPTIONS@

## depmod
complete -c depmod -F -a '(__libmod_releases (__libmod_value -b --basedir) (__libmod_value -m --moduledir))' -d 'Release'

## insmod
# The first word that is no option: the file.
function __libmod_insmod_file
    string match -v -- '-*' (commandline -opc)[2..] | head -n 1 | string match '*'
end

function __libmod_insmod_parameters
    set -lx PATH $PATH /usr/sbin /sbin
    modinfo -p (__libmod_insmod_file) 2>/dev/null |
        string match -r '^[A-Za-z0-9_]+:.*' | string replace : =\t
end

complete -c insmod -F -n 'not __libmod_insmod_file >/dev/null'
complete -c insmod -f -n '__libmod_insmod_file >/dev/null' -a '(__libmod_insmod_parameters)'

## kmod
complete -c kmod -f
complete -c kmod -n '__fish_seen_subcommand_from sign' -F

## lsmod
complete -c lsmod -f

## modinfo
complete -c modinfo -F -a '(__libmod_modules (__libmod_value -b --basedir) (__libmod_value -k --set-version))' -d 'Module'

## modprobe
# The first word that is a module: neither an option nor an option's value.
function __libmod_modprobe_module
    set -l skip
    for word in (commandline -opc)[2..]
        if set -q skip[1]
            set -e skip
        else if contains -- $word @VALUED@
            set skip yes
        else if not string match -q -- '-*' $word
            echo -- $word
            return
        end
    end
    return 1
end

# Are parameters of a module to come?
function __libmod_modprobe_at_parameter
    not __fish_contains_opt -s a -s r all remove remove-holders
    and __libmod_modprobe_module >/dev/null
end

function __libmod_modprobe_parameters
    set -l root (__libmod_value -d --dirname)
    set -l release (__libmod_value -S --set-version)
    set -lx PATH $PATH /usr/sbin /sbin
    modinfo (test -n "$root"; and printf '%s\n' -b $root) \
        (test -n "$release"; and printf '%s\n' -k $release) \
        -p (__libmod_modprobe_module) 2>/dev/null |
        string match -r '^[A-Za-z0-9_]+:.*' | string replace : =\t
end

complete -c modprobe -F -n 'not __fish_contains_opt -s r remove remove-holders; and not __libmod_modprobe_at_parameter' -a '(__libmod_modules (__libmod_value -d --dirname) (__libmod_value -S --set-version))' -d 'Module'
complete -c modprobe -f -n '__fish_contains_opt -s r remove remove-holders' -a '(__libmod_loaded)' -d 'Loaded module'
complete -c modprobe -f -n __libmod_modprobe_at_parameter -a '(__libmod_modprobe_parameters)'

## rmmod
complete -c rmmod -f -a '(__libmod_loaded)' -d 'Loaded module'
