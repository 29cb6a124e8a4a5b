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

# in_page PAGE SECTION
in_page()
{
	awk -v section="# $2" "$leading"'
		/^# / { in_section = $0 == section }
		in_section && /^\*-/ { gsub(/\*|\\/, ""); leading($0) }
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
	sed -n "s/\[.*//; s/^\t*'([^)]*)//; /^\t*'/p" \
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

# agree TITLE: $tmp/help and standard input list the same options.
agree()
{
	ran="$tool --help"
	cat >"$tmp/other"
	[ -s "$tmp/help" ] || failed "$1: --help names no option"
	cmp -s "$tmp/help" "$tmp/other" && return
	failed "$1 and --help name the same options"
	diff "$tmp/help" "$tmp/other" | sed -n "s/^</  not in $1:/p
		s/^>/  only in $1:/p"
}

tools=$("$KMOD_DIR/kmod" help | sed -n '/^Links/,$s/^  \([a-z]*\) .*/\1/p')
[ -n "$tools" ] || failed "kmod help lists the tools"
for tool in $tools; do
	in_help "$tool" >"$tmp/help"
	in_page "$tool" OPTIONS | agree "man/$tool.8.scd"
	in_bash "$tool" | agree "completion/bash/$tool"
	in_zsh "$tool" | agree "completion/zsh/_$tool"
	in_fish "$tool" | agree "completion/fish/$tool.fish"
done

tool=kmod
in_help kmod >"$tmp/help"
in_page kmod OPTIONS | agree "man/kmod.8.scd"
in_bash kmod | agree "completion/bash/kmod"
tool="kmod list"
in_help kmod list >"$tmp/help"
in_bash kmod list | agree "completion/bash/kmod (list)"
tool="kmod static-nodes"
in_help kmod static-nodes >"$tmp/help"
in_page kmod "STATIC-NODES OPTIONS" | agree "man/kmod.8.scd (static-nodes)"
in_bash kmod static-nodes | agree "completion/bash/kmod (static-nodes)"
tool="kmod, its commands"
for command in '' list static-nodes; do
	in_help kmod $command
done | sort -u >"$tmp/help"
in_zsh kmod | agree "completion/zsh/_kmod"
in_fish kmod | agree "completion/fish/kmod.fish"

done_testing
