#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The manual pages have the parts that a reader in trouble looks for, in one
# order; what they point to is there; groff has nothing to say.
set -u
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
status=0
say()
{
	echo "$*"
	status=1
}

# What must be there, and so in which order; what stands between is free.
tool="NAME SYNOPSIS DESCRIPTION OPTIONS EXIT_STATUS FILES EXAMPLES
	DIFFERENCES_FROM_KMOD SEE_ALSO"
for page in "$top_srcdir"/man/*.scd; do
	name=$(basename "$page" .scd)
	case $name in
	kmod-json.5) want="NAME DESCRIPTION SEE_ALSO" ;;
	*.3) want="NAME SYNOPSIS DESCRIPTION EXAMPLE NOTES SEE_ALSO" ;;
	*.5) want="NAME DESCRIPTION EXAMPLES DIFFERENCES_FROM_KMOD SEE_ALSO" ;;
	*) want=$tool ;;
	esac
	# shellcheck disable=SC2086 # words
	printf '%s\n' $want >"$work/want"
	awk '/^```/ { inside = !inside }
		/^# / && !inside { sub(/^# /, ""); gsub(/ /, "_"); print }' \
		"$page" | grep -xF -f "$work/want" >"$work/has"
	diff "$work/want" "$work/has" >"$work/diff" || {
		say "$name: parts that are missing (<) or elsewhere (>):"
		grep '^[<>]' "$work/diff"
	}
	grep -q '^; SPDX-License-Identifier: LGPL-2.1-or-later$' "$page" ||
		say "$name: no licence"

	# Other pages: of ours, or of these.
	{
		for other in "$top_srcdir"/man/*.scd; do
			basename "$other" .scd
		done
		printf '%s\n' findmnt.8 init_module.2 kernel-command-line.7 \
			lsof.8 modules-load.d.5 proc.5 sudo.8 systemd-tmpfiles.8 \
			systemd-modules-load.service.8 systemd-udevd.8
	} | sort >"$work/pages"
	# shellcheck disable=SC2016 # not of the shell
	sed -n '/^```/,/^```/d; s/\*\([-a-z_.]*\)\*(\([1-8]\))/\n@\1.\2\n/gp' \
		"$page" | sed -n 's/^@//p' | sort -u |
		comm -23 - "$work/pages" >"$work/unknown"
	[ ! -s "$work/unknown" ] ||
		say "$name points to" "$(cat "$work/unknown")"
	grep -q "man/$name\\b" "$top_srcdir/Makefile.am" ||
		say "$name: not in Makefile.am"
done

# Its source is there, when scdoc is.
if command -v groff >/dev/null && [ -e "$top_builddir/man/kmod.8" ]; then
	for page in "$top_srcdir"/man/*.scd; do
		made=$top_builddir/man/$(basename "$page" .scd)
		groff -man -Tutf8 -ww -z "$made" >"$work/groff" 2>&1
		[ ! -s "$work/groff" ] || {
			say "${made##*/}:"
			head -n 5 "$work/groff"
		}
	done
fi
exit $status
