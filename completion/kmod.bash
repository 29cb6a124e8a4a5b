# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Completion of kmod and its tools for bash.  All tools share this file: the
# others are links to it.

@OPTIONS@

_libmod_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_libmod_directories()
{
	compopt -o filenames
	mapfile -t COMPREPLY < <(compgen -d -- "$cur")
}

_libmod_files()
{
	compopt -o filenames
	mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
}

_libmod_module_files()
{
	compopt -o filenames -o nospace
	mapfile -t COMPREPLY < <(
		compgen -d -S / -- "$cur"
		compgen -f -- "$cur" | grep -E '\.ko(\.gz|\.xz|\.zst)?$'
	)
}

_libmod_releases()
{
	mapfile -t COMPREPLY < <(cd "$root$dir" 2>/dev/null &&
		compgen -d -- "$cur")
}

# The modules in files whose name, up to the first dot of the last part of the
# first word, begins with $cur.  - and _ are the same; what was typed stays.
_libmod_modules()
{
	mapfile -t COMPREPLY < <(awk -F'[: ]' -v cur="$cur" '
		BEGIN { want = cur; gsub(/-/, "_", want) }
		{
			name = $1
			sub(/.*\//, "", name)
			sub(/\..*/, "", name)
			gsub(/-/, "_", name)
		}
		index(name, want) == 1 && name !~ /[^A-Za-z0-9_]/ {
			print cur substr(name, length(cur) + 1)
		}
		' "$@" 2>/dev/null)
}

# Parameters of a module.  Names only: compgen -W expands its argument, and a
# file may say anything.
_libmod_parameters()
{
	# The value of a parameter is the user's.
	[[ $cur == = || ${COMP_WORDS[COMP_CWORD - 1]} == = ]] && return
	compopt -o nospace
	_libmod_words "$(
		PATH=$PATH:/usr/sbin:/sbin modinfo ${root:+-b "$root"} \
			${release:+-k "$release"} -p "$1" 2>/dev/null |
			sed -n 's/^\([A-Za-z0-9_]*\):.*/\1=/p'
	)"
}

# The value of an option, of the kind that _libmod_value() found.
_libmod_complete_value()
{
	[[ $cur == = ]] && cur=
	case $value in
	FILE) _libmod_files ;;
	DIR) _libmod_directories ;;
	RELEASE) _libmod_releases ;;
	-) ;;
	*)
		# The words before a comma stay.
		if [[ $list && $cur == *,* ]]; then
			mapfile -t COMPREPLY < <(compgen -P "${cur%,*}," \
				-W "$value" -- "${cur##*,}")
			return
		fi
		_libmod_words "${value/% FILE/}"
		[[ $value == *FILE ]] && _libmod_files
		;;
	esac
}

_libmod_operand()
{
	local tree=$root$dir/${release:-$(uname -r)}

	case $command in
	depmod)
		if [[ ${operands[0]} ]]; then
			_libmod_module_files
		else
			_libmod_releases
		fi
		;;
	insmod)
		if [[ ${operands[0]} ]]; then
			_libmod_parameters "${operands[0]/#\~\//$HOME/}"
		else
			_libmod_module_files
		fi
		;;
	'kmod sign') _libmod_module_files ;;
	rmmod) _libmod_modules /proc/modules ;;
	modinfo)
		case $cur in
		*/* | .* | \~*) _libmod_module_files ;;
		*)
			_libmod_modules "$tree/modules.dep" \
				"$tree/modules.builtin"
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(
				compgen -f -- "$cur" |
					grep -E '\.ko(\.gz|\.xz|\.zst)?$'
			)
			;;
		esac
		;;
	modprobe)
		if [[ $remove ]]; then
			_libmod_modules /proc/modules
		elif [[ $cur == /* || $cur == ./* ]]; then
			_libmod_module_files
		elif [[ ! ${operands[0]} || $all ]]; then
			_libmod_modules "$tree/modules.dep" \
				"$tree/modules.builtin"
		else
			_libmod_parameters "${operands[0]}"
		fi
		;;
	esac
}

_libmod()
{
	local cur=${COMP_WORDS[COMP_CWORD]} command=${1##*/}
	local dir=@MODULE_DIRECTORY@ root='' release='' remove='' all=''
	local options='' value list word i
	local -a operands=()

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-r | --remove | --remove-holders) remove=1 ;;
		-a | --all) all=1 ;;
		-*) ;;
		*)
			case $command:$word in
			kmod:list) command=lsmod ;;
			kmod:*) command="kmod $word" ;;
			*) operands+=("$word") ;;
			esac
			;;
		esac
		value='' list=''
		_libmod_value "$command" "$word" ||
			{ [[ ${COMP_WORDS[i + 1]} == = ]] &&
				_libmod_value "$command" "$word="; } || continue
		# bash makes three words of --option=VALUE.
		[[ ${COMP_WORDS[++i]} == = ]] && ((i++))
		if ((i >= COMP_CWORD)); then
			_libmod_complete_value
			return
		fi
		case $word in
		-b | --basedir | -d | --dirname) root=${COMP_WORDS[i]} ;;
		-k | --set-version | -S) release=${COMP_WORDS[i]} ;;
		-m | --moduledir) dir=/${COMP_WORDS[i]#/} ;;
		esac
	done
	_libmod_options "$command"
	if [[ $cur == -* || $command == kmod ]]; then
		_libmod_words "$options"
	else
		_libmod_operand
	fi
}

complete -F _libmod depmod insmod kmod lsmod modinfo modprobe rmmod
