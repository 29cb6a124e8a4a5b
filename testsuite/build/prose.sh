#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# prose.sh - checks the words of documents, manual pages, comments and messages.
#
#   prose.sh [--rates]
#
# Some words are refused because the field has another one: see the table of
# terms in HACKING.md.  $ours are refused in comments of libmod and src.  Noun
# clauses ($clauses) are counted: at most 0.5 for 1000 words of documents, of pages
# and of comments.  --rates prints the counts and checks nothing.

set -u
LC_ALL=C
export LC_ALL
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

refused='folders?|(un|re)?pack(s|ed|ing)?|unpacker|mend(s|ed|ing)?|rings?'
phrases='(is|are|was|were) told|pass(es|ed|ing)? over'
ours='behind|blanks?|tells?|told|(is|are|was|were) said'
clauses='what (is|it|that)'

# Text with a refused word that stays, because kmod prints it so, or because
# another program has it as a name.  One "FILE: text" a line.
cat >"$work/exceptions" <<'LIST'
configure.ac: -z pack-relative-relocs
LIST

find ./*.md NEWS Makefile.am autogen.sh configure.ac doc man libmod src m4 \
	scripts testsuite completion debian/rules -type f 2>/dev/null |
	sed 's|^\./||' | grep -E -e '\.([ch]|sh|awk|py|md|scd|ac|am)$' \
	-e '^(NEWS|debian/rules|scripts/[a-z]+|completion/.*|m4/[^l].*\.m4)$' |
	sort >"$work/all"
tr '\n' '\0' <"$work/all" |
	xargs -0 awk -f testsuite/build/prose.awk >"$work/prose"
[ -s "$work/prose" ] || exit 99
awk -v refused=" ($refused) " -v phrases=" ($phrases) " -v ours=" ($ours) " \
	-v clauses=" $clauses " -v rates="${1-}" -v exceptions="$work/exceptions" '
	BEGIN {
		FS = "|"
		while ((getline line <exceptions) > 0) {
			at = index(line, ": ")
			kept[substr(line, 1, at - 1)] = substr(line, at + 2)
		}
	}
	{
		split($2, place, ":")
		text = substr($0, length($1 $2) + 3)
		if (place[1] in kept && index(text, kept[place[1]]))
			next
		gsub(/\\[nt]/, " ", text)
		line = tolower(text)
		line = " " line " "
		gsub(/[^a-z0-9_]+/, " ", line)
		# A phrase may go on in the next line.
		joined = line
		if (place[1] == file && place[2] == number + 1)
			joined = " " last line
		file = place[1]
		number = place[2]
		last = n ? word[n] : ""
		n = split(line, word, " ")
		last = n ? word[n] : ""
		words[$1] += n
	}
	{
		own = $1 == "comment" && $2 ~ /^(libmod|src)\//
	}
	match(line, refused) || match(joined, phrases) ||
	(own && match(joined, ours)) {
		if (!rates)
			print $2 ": refused: " text
		bad++
	}
	{
		while (match(joined, clauses)) {
			count[$1]++
			joined = substr(joined, RSTART + RLENGTH - 1)
			where[$1] = where[$1] "\n  " $2 ": " text
		}
	}
	END {
		for (group in words) {
			if (group == "message")
				continue
			rate = 1000 * count[group] / words[group]
			if (rates || rate > 0.5)
				printf "%ss: %d noun clauses in %d words, " \
					"%.1f of 1000%s\n", group, count[group],
					words[group], rate, rates ? "" : \
					", more than 0.5:" where[group]
			if (rate > 0.5)
				bad++
		}
		if (rates)
			print bad + 0 " refused"
		exit !rates && bad > 0
	}' "$work/prose"
