#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every input that is kept for a parser, through that parser once more.
set -eu
files=0
for corpus in "$top_srcdir"/testsuite/fuzz/corpus-*; do
	target=${corpus##*/corpus-}
	set -- "$corpus"/*
	[ -e "$1" ] || continue
	echo "$target: $# files"
	# shellcheck disable=SC2086 # words
	${emulator:-} "$top_builddir/testsuite/fuzz/fuzz-$target" "$@"
	files=$((files + $#))
done
[ "$files" -gt 0 ] || { echo "no corpus"; exit 1; }
