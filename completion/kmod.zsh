#compdef depmod insmod kmod lsmod modinfo modprobe rmmod
# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of kmod and its tools for zsh.

local -a specs subcommands

@OPTIONS@

# The value of one of these options.  A flag of that letter has none.
_libmod_value()
{
	local option

	REPLY=
	for option; do
		REPLY=${REPLY:-${(Q)opt_args[$option]}}
	done
}

# REPLY=: the directory that has one directory for each release.
_libmod_tree()
{
	local dir

	_libmod_value -m --moduledir
	dir=/${${REPLY:-@MODULE_DIRECTORY@}#/}
	_libmod_value -b --basedir -d --dirname
	REPLY+=$dir
}

_libmod_releases()
{
	local REPLY expl

	_libmod_tree
	_wanted releases expl 'release' compadd -- $REPLY/*(N-/:t)
}

_libmod_words_or_files()
{
	_alternative "words:word:($*)" 'files:file:_files'
}

_libmod_module_files()
{
	_files -g '*.ko(|.gz|.xz|.zst)'
}

# Modules of the tree.  - and _ are the same; what was typed stays as it is.
_libmod_modules()
{
	local REPLY tree expl
	local -a names

	_libmod_tree
	tree=$REPLY
	_libmod_value -k --set-version -S
	tree+=/${REPLY:-$(uname -r)}
	names=($(awk -F'[: ]' -v cur=${(Q)PREFIX} '
		BEGIN { want = cur; gsub(/-/, "_", want) }
		{
			name = $1
			sub(/.*\//, "", name)
			sub(/\..*/, "", name)
			gsub(/-/, "_", name)
		}
		index(name, want) == 1 && name !~ /[^A-Za-z0-9_]/ {
			print cur substr(name, length(cur) + 1)
		}' $tree/modules.{dep,builtin} 2>/dev/null))
	_wanted modules expl 'module' compadd -a names
}

_libmod_modules_and_files()
{
	_alternative \
		'files:module file:_libmod_module_files' \
		'modules:module:_libmod_modules'
}

_libmod_loaded()
{
	local expl
	local -a loaded

	loaded=(${${(f)"$(cat /proc/modules 2>/dev/null)"}%% *})
	_wanted modules expl 'loaded module' \
		compadd -M 'm:{-_}={_-}' -a loaded
}

_libmod_parameters()
{
	local REPLY root release
	local -a parameters

	_libmod_value -d --dirname
	root=$REPLY
	_libmod_value -S --set-version
	release=$REPLY
	parameters=(${(f)"$(PATH=$PATH:/usr/sbin:/sbin modinfo \
		${root:+-b} $root ${release:+-k} $release \
		-p ${(Q)line[1]} 2>/dev/null |
		sed -n 's/^\([A-Za-z0-9_]*\): *\(.*\)/\1:\2/p')"})
	_describe -t parameters 'parameter' parameters -S =
}

# modprobe's first operand, and the others.
_libmod_modprobe_first()
{
	if (( $+opt_args[-r] + $+opt_args[--remove] + $+opt_args[--remove-holders] )); then
		_libmod_loaded
	elif [[ $PREFIX == (/|./)* ]]; then
		_libmod_module_files
	else
		_libmod_modules
	fi
}

_libmod_modprobe_rest()
{
	if (( $+opt_args[-a] + $+opt_args[--all] +
		$+opt_args[-r] + $+opt_args[--remove] + $+opt_args[--remove-holders] )); then
		_libmod_modprobe_first
	else
		_libmod_parameters
	fi
}

_libmod_commands()
{
	_describe -t commands 'command' subcommands
}

_libmod_command()
{
	case $words[1] in
	list)
		_libmod_options lsmod
		_arguments -s $specs
		;;
	sign)
		_libmod_options 'kmod sign'
		_arguments -s $specs '*:module:_libmod_module_files'
		;;
	static-nodes)
		_libmod_options 'kmod static-nodes'
		_arguments -s $specs
		;;
	esac
}

_libmod_options $service
case $service in
depmod)
	_arguments -s $specs '1:release:_libmod_releases' \
		'*:module file:_libmod_module_files'
	;;
insmod)
	_arguments -s $specs '1:module file:_libmod_module_files' \
		'*:parameter:_libmod_parameters'
	;;
kmod)
	_arguments $specs '1:command:_libmod_commands' \
		'*::options:_libmod_command'
	;;
lsmod) _arguments -s $specs ;;
modinfo) _arguments -s $specs '*:module:_libmod_modules_and_files' ;;
modprobe)
	_arguments -s $specs '1:module:_libmod_modprobe_first' \
		'*:parameter:_libmod_modprobe_rest'
	;;
rmmod) _arguments -s $specs '*:module:_libmod_loaded' ;;
esac
