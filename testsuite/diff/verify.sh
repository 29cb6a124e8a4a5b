#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# verify.sh - the modules of Debian's kernels against the certificates in those
# kernels' own images.
#
# All modules of 6.1, and each twentieth of 6.12 (all with "deep"), are valid;
# with one byte of them changed they are altered, and by the other kernel's
# certificates their signer is unknown.  Prints "N passed, N failed".
set -u
LC_ALL=C
export LC_ALL
: "${top_srcdir:=.}" "${top_builddir:=.}"
. "$top_srcdir/testsuite/lib/corpus.sh"
case "$("$top_builddir/src/kmod" --version)" in
*+OPENSSL*) ;;
*) exit 77 ;;
esac
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
ln -s "$(realpath "$top_builddir/src/kmod")" "$tmp/modinfo"

passed=0 failed=0
# expect TITLE WANTED: results in $tmp/out are all the same.
expect()
{
	sed 's/^[^:]*: //; s/[:(].*//; s/ *$//' "$tmp/out" | sort |
		uniq -c >"$tmp/results"
	if [ "$(cat "$tmp/results")" = "$(printf '%7d %s' \
		"$(wc -l <"$tmp/files")" "$2")" ]; then
		passed=$((passed + 1))
		echo "$1: $(wc -l <"$tmp/files") modules, $2"
		return
	fi
	failed=$((failed + 1))
	echo "FAILED: $1: expected $(wc -l <"$tmp/files") $2, got"
	cat "$tmp/results"
	head -n 3 "$tmp/err"
}

# verify ROOT RELEASE: the files in $tmp/files, by the image of that release.
verify()
{
	xargs -d '\n' "$tmp/modinfo" --verify --keyring=builtin -b "$1" \
		-k "$2" <"$tmp/files" >"$tmp/out" 2>"$tmp/err"
}

# altered ROOT RELEASE: a copy of some, each with a bit changed somewhere.
altered()
{
	rm -rf "$tmp/copy"
	mkdir "$tmp/copy"
	head -n 40 "$tmp/files" | while read -r file; do
		copy=$tmp/copy/${file##*/}
		cp "$file" "$copy"
		case $copy in
		*.xz) xz -d "$copy" && copy=${copy%.xz} ;;
		esac
		# Anywhere in front of the signature, which is shorter than 1 KiB.
		size=$(($(stat -c %s "$copy") - 1024))
		at=$(((size * 7919 + 13) % size))
		byte=$(od -An -tu1 -j "$at" -N 1 "$copy")
		printf '%b' "$(printf '\\0%03o' $((byte ^ 16)))" |
			dd of="$copy" bs=1 seek="$at" conv=notrunc 2>/dev/null
	done
	cp "$tmp/files" "$tmp/all"
	find "$tmp/copy" -type f | sort >"$tmp/files"
	verify "$1" "$2"
	expect "$2, a bit changed" altered
	mv "$tmp/all" "$tmp/files"
}

plain=$(corpus_root plain) && xz=$(corpus_root xz) || exit
for root in "$plain" "$xz"; do
	release=$(corpus_release "$root")
	find "$root/lib/modules/$release/" -name '*.ko*' -type f | sort |
		awk -v each="$([ "$root" = "$plain" ] || [ "${1-}" = deep ] ||
			echo 20)" 'NR % (each ? each : 1) == 0' >"$tmp/files"
	verify "$root" "$release"
	expect "$release" valid
	altered "$root" "$release"
	other=$xz
	[ "$root" = "$plain" ] || other=$plain
	verify "$other" "$(corpus_release "$other")"
	expect "$release, by another kernel" "unknown signer"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
