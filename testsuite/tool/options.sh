#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# options.sh - every option of --help stands in the man page and in the
# completions for bash, zsh and fish, and these know no other options.

. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own pages"
need bash

# Reads a line as "-x, --long ARG text" and prints the options it begins with.
leading='
function leading(line)
{
	while (match(line, /^(--[a-z][-a-z]*|-[A-Za-z0-9])/)) {
		print substr(line, 1, RLENGTH)
		line = substr(line, RLENGTH + 1)
		sub(/^, /, "", line)
	}
}'

in_help()
{
	"$KMOD_DIR/$1" ${2:+"$2"} --help |
		awk "$leading"'/^\t *-/ { sub(/^[\t ]+/, ""); leading($0) }' |
		sort -u
}

# in_page PAGE SECTION: an entry begins a paragraph.
in_page()
{
	awk -v section="# $2" "$leading"'
		/^# / { in_section = $0 == section }
		in_section && last == "" && /^\*-/ {
			gsub(/\*|\\/, "")
			leading($0)
		}
		{ last = $0 }
		' "$top_srcdir/man/$1.8.scd" | sort -u
}

# in_bash TOOL [WORD]...: what completes a dash after these words.
in_bash()
{
	# shellcheck disable=SC2016 # for the other shell
	bash -c '
		compopt() { :; }
		. "$1/completion/bash/$2" || exit
		shift
		COMP_WORDS=("$@" -) COMP_CWORD=$#
		"_libmod_$1"
		printf "%s\n" "${COMPREPLY[@]}"
		' bash "$top_srcdir" "$@" | sort -u
}

# All options that a file names; kmod has those of its commands in one file.
in_zsh()
{
	sed -n "s/\[.*//; s/^\t*'([^)]*)'*//; s/^\t*'\*'//; s/^\t*'-/-/
		/^[{-]/p" \
		"$top_srcdir/completion/zsh/_$1" |
		grep -oE -e '--[a-z][-a-z]*|(^|[^-a-z])-[A-Za-z0-9]' |
		sed 's/^[^-]*//' | sort -u
}

in_fish()
{
	awk '/^complete/ {
		sub(/ -d .*/, "")
		for (i = 2; i < NF; i++)
			if ($i == "-s")
				print "-" $(i + 1)
			else if ($i == "-l")
				print "--" $(i + 1)
		}' "$top_srcdir/completion/fish/$1.fish" | sort -u
}

# agree TITLE COMMAND...: the options in $tmp/help are those that the command
# prints.
agree()
{
	where=$1
	shift
	ran="$tool --help"
	"$@" >"$tmp/other"
	[ -s "$tmp/help" ] || failed "$where: --help names no option"
	cmp -s "$tmp/help" "$tmp/other" && return
	failed "$where and --help name the same options"
	diff "$tmp/help" "$tmp/other" | sed -n "s|^<|  not in $where:|p
		s|^>|  only in $where:|p"
}

tools=$("$KMOD_DIR/kmod" help | sed -n '/^Links/,$s/^  \([a-z]*\) .*/\1/p')
[ -n "$tools" ] || failed "kmod help lists the tools"
for tool in $tools; do
	in_help "$tool" >"$tmp/help"
	agree "man/$tool.8.scd" in_page "$tool" OPTIONS
	agree "completion/bash/$tool" in_bash "$tool"
	agree "completion/zsh/_$tool" in_zsh "$tool"
	agree "completion/fish/$tool.fish" in_fish "$tool"
done

tool=kmod
in_help kmod >"$tmp/help"
agree "man/kmod.8.scd" in_page kmod OPTIONS
agree "completion/bash/kmod" in_bash kmod
tool="kmod list"
in_help kmod list >"$tmp/help"
agree "completion/bash/kmod (list)" in_bash kmod list
tool="kmod static-nodes"
in_help kmod static-nodes >"$tmp/help"
agree "man/kmod.8.scd (static-nodes)" in_page kmod "STATIC-NODES OPTIONS"
agree "completion/bash/kmod (static-nodes)" in_bash kmod static-nodes
tool="kmod sign"
in_help kmod sign >"$tmp/help"
agree "man/kmod.8.scd (sign)" in_page kmod "SIGN OPTIONS"
agree "completion/bash/kmod (sign)" in_bash kmod sign
tool="kmod, its commands"
for command in '' list sign static-nodes; do
	in_help kmod $command
done | sort -u >"$tmp/help"
agree "completion/zsh/_kmod" in_zsh kmod
agree "completion/fish/kmod.fish" in_fish kmod

# Where modules are by default is for configure to say.
directory=$(sed -n 's/^#define MOD_MODULE_DIRECTORY "\(.*\)"/\1/p' \
	"${top_builddir:-.}/config.h")
for tool in depmod modinfo modprobe "kmod static-nodes"; do
	# shellcheck disable=SC2086 # two words
	"$KMOD_DIR"/$tool --help >"$tmp/help"
	grep -q -e "[^/a-z]$directory" -e "DIR$directory" "$tmp/help" ||
		failed "$tool --help names $directory"
done

done_testing
