#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# options.sh - every option of --help is in the manual page, in the completions
# for bash, zsh and fish, and in a test; pages and completions have no others.

. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own pages"
need bash

# Reads a line as "-x, --long ARG text" and returns the options it begins with.
leading='
function leading(line,    all)
{
	while (match(line, /^(--[a-z][-a-z]*|-[A-Za-z0-9])/)) {
		all = all " " substr(line, 1, RLENGTH)
		line = substr(line, RLENGTH + 1)
		sub(/^, /, "", line)
	}
	return substr(all, 2)
}'

# A line of spellings for each option.
in_help()
{
	"$KMOD_DIR/$1" ${2:+"$2"} --help |
		awk "$leading"'/^\t *-/ {
			sub(/^[\t ]+/, "")
			print leading($0)
		}'
}

# in_page PAGE SECTION: an entry begins a paragraph; comments may precede it.
in_page()
{
	awk -v section="# $2" "$leading"'
		/^# / { in_section = $0 == section }
		/^; / { next }
		in_section && last == "" && /^\*-/ {
			gsub(/\*|\\/, "")
			print leading($0)
		}
		{ last = $0 }
		' "$top_srcdir/man/$1.8.scd"
}

# in_bash TOOL [COMMAND]: the words that complete a dash after these.
in_bash()
{
	# shellcheck disable=SC2016 # for the other shell
	bash -c '
		compopt() { :; }
		. "$1/completion/bash/kmod" || exit
		shift
		COMP_WORDS=("$@" -) COMP_CWORD=$#
		_libmod "$1"
		printf "%s\n" "${COMPREPLY[@]}"
		' bash "$top_builddir" "$@"
}

# in_zsh COMMAND: from lines such as '(-n --show)'{-n,--show=}'[text]...'
in_zsh()
{
	sed -n "/^	'$1') specs=(/,/^	) ;;/p" \
		"$top_builddir/completion/zsh/_kmod" |
		sed -n "s/\[.*//; s/^\t*'[^']*'//; s/^\t*//; /^[{-]/p" |
		tr -d "{}'" | tr , '\n' | sed 's/=*-*$//'
}

# in_fish TOOL CONDITION: from lines such as "complete -c TOOL CONDITION -s n".
in_fish()
{
	grep "^complete -c $1$2 -[sl] " "$top_builddir/completion/fish/$1.fish" |
		sed "s/^complete -c $1$2//; s/ -d '.*//" | awk '{
			for (i = 1; i < NF; i++)
				if ($i == "-s")
					print "-" $(i + 1)
				else if ($i == "-l")
					print "--" $(i + 1)
		}'
}

# agree WHERE COMMAND...: it prints the options in $tmp/help.
agree()
{
	where=$1
	shift
	ran="$tool --help"
	"$@" | tr ' ' '\n' | sort -u >"$tmp/other"
	tr ' ' '\n' <"$tmp/help" | sort -u >"$tmp/words"
	[ -s "$tmp/words" ] || fail "$where: --help names no option"
	cmp -s "$tmp/words" "$tmp/other" && return
	fail "$where and --help name the same options"
	diff "$tmp/words" "$tmp/other" | sed -n "s|^<|  not in $where:|p
		s|^>|  only in $where:|p"
}

# unused DIRECTORY TOOL: the options in $tmp/help that no test there uses.  A use
# is a spelling that follows the tool in a command, or $tool in a loop over tools
# (and "kmod $command"); or a long spelling in a test of the tool alone, which may call it by a
# function.
unused()
{
	# shellcheck disable=SC2046 # names without spaces
	awk -v tool="$2" '
	function use(word,    i)
	{
		sub(/=.*/, "", word)
		used[word] = 1
		if (word ~ /^-[A-Za-z0-9]/)
			for (i = 2; i <= length(word); i++)
				used["-" substr(word, i, 1)] = 1
	}
	function is_tool(i)
	{
		sub(/.*\//, "", word[i])
		if (word[i] == "tool")
			return index(loop, " " name[1] " ")
		return word[i] == name[1] && (names == 1 || word[i + 1] == name[2] ||
			(word[i + 1] == "command" && index(loop, " " name[2] " ")))
	}
	BEGIN { names = split(tool, name, " ") }
	FILENAME == ARGV[1] { row[++rows] = $0; next }
	FNR == 1 {
		loop = ""
		base = FILENAME
		sub(/.*\//, "", base)
		alone = base ~ "^(kmod-)?" name[names] "[-.]"
	}
	/^[ \t]*#/ { next }
	/\\$/ { line = line substr($0, 1, length($0) - 1); next }
	{
		text = line $0
		line = ""
		gsub(/["`$(){},;]|\[|\]|\047/, " ", text)
		if (text ~ /^for (tool|command) in /)
			loop = text " "
		n = split(text, word, /[ \t]+/)
		after = 0
		for (i = 1; i <= n; i++)
			if (is_tool(i))
				after = 1
			else if (word[i] ~ /^[|&<>]/)
				after = 0
			else if (after || (alone && word[i] ~ /^--/))
				use(word[i])
	}
	END {
		for (i = 1; i <= rows; i++) {
			n = split(row[i], word, " ")
			for (j = 1; j <= n && !(word[j] in used); j++)
				;
			if (j > n)
				print row[i]
		}
	}' "$tmp/help" $(find "$1" ! -path '*/shells/*' ! -name options.sh \
		\( -name '*.sh' -o -name '*.py' \))
}

# tested: some test uses each option in $tmp/help.
tested()
{
	ran="$tool --help"
	unused "$top_srcdir/testsuite" "$tool" >"$tmp/unused"
	[ ! -s "$tmp/unused" ] ||
		fail "tests use all options but: $(cat "$tmp/unused")"
}

# That check finds an option without a test.
mkdir "$tmp/tests"
cat >"$tmp/tests/some.sh" <<'E'
run lsmod -qx "$tmp" | sort -r
run rmmod --other
# lsmod --comment
for tool in lsmod rmmod; do
	run "$tool" \
		--looped
done
E
echo 'check --own' >"$tmp/tests/lsmod.sh"
printf '%s\n' '-x --used' --looped --own '-r --reverse' --other --comment \
	>"$tmp/help"
ran="unused lsmod"
[ "$(unused "$tmp/tests" lsmod | tr '\n' ' ')" = \
	"-r --reverse --other --comment " ] ||
	fail "options without a test: $(unused "$tmp/tests" lsmod)"

tools=$("$KMOD_DIR/kmod" help | sed -n '/^Links/,$s/^  \([a-z]*\) .*/\1/p')
[ -n "$tools" ] || fail "kmod help lists the tools"
for tool in $tools; do
	in_help "$tool" >"$tmp/help"
	agree "man/$tool.8.scd" in_page "$tool" OPTIONS
	agree "completion/bash/kmod" in_bash "$tool"
	agree "completion/zsh/_kmod" in_zsh "$tool"
	agree "completion/fish/$tool.fish" in_fish "$tool" ''
	tested
done

tool=kmod
in_help kmod >"$tmp/help"
agree "man/kmod.8.scd" in_page kmod OPTIONS
agree "completion/bash/kmod" in_bash kmod
agree "completion/zsh/_kmod" in_zsh kmod
agree "completion/fish/kmod.fish" in_fish kmod ' -n __fish_use_subcommand'
tested
tool="kmod list"
in_help kmod list >"$tmp/help"
agree "completion/bash/kmod" in_bash kmod list
agree "completion/fish/kmod.fish" in_fish kmod \
	" -n '__fish_seen_subcommand_from list'"
for command in sign static-nodes; do
	tool="kmod $command"
	section=$(echo "$command OPTIONS" | tr '[:lower:]' '[:upper:]')
	in_help kmod $command >"$tmp/help"
	agree "man/kmod.8.scd" in_page kmod "$section"
	agree "completion/bash/kmod" in_bash kmod $command
	agree "completion/zsh/_kmod" in_zsh "kmod $command"
	agree "completion/fish/kmod.fish" in_fish kmod \
		" -n '__fish_seen_subcommand_from $command'"
	tested
done

# Where modules are by default is for configure to say.
directory=$(sed -n 's/^#define MOD_MODULE_DIRECTORY "\(.*\)"/\1/p' \
	"${top_builddir:-.}/config.h")
for tool in depmod modinfo modprobe "kmod static-nodes"; do
	# shellcheck disable=SC2086 # two words
	"$KMOD_DIR"/$tool --help >"$tmp/help"
	grep -q -e "[^/a-z]$directory" -e "DIR$directory" "$tmp/help" ||
		fail "$tool --help names $directory"
done

done_testing
