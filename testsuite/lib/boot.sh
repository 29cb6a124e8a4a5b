# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# boot.sh - what uml/boot.sh and qemu/boot.sh share: words, and how it ended.
#
# shellcheck disable=SC2154 # they set $out, $work, $quiet

die()
{
	echo "boot.sh: $*" >&2
	exit 125
}

# The line or two in the script's head that tell how it is called.
usage()
{
	sed -n '5,6s/^# *//p' "$0" >&2
	exit 125
}

# The words, so that a shell reads them back as they are.
quoted()
{
	for word; do
		printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")"
	done
}

# ended SCRIPT WHAT: leaves, as the guest's script did, or says why that came to
# no end: out of time, or WHAT.
ended()
{
	if [ -s "$out/status" ]; then
		rm -f "$out/why"
		code=$(cat "$out/status")
		why="exit $code"
	elif [ -s "$out/why" ]; then
		code=124
		why=$(cat "$out/why")
	else
		why=$(sed -n 's/.*Kernel panic - not syncing: /kernel panic: /p' \
			"$out/kernel.log" | head -n 1)
		why=${why:-$2}
		code=125
		echo "$why" >"$out/why"
	fi
	[ "$code" -ne 0 ] || exit 0
	{
		if [ ! -s "$out/status" ] || [ "$quiet" -eq 0 ]; then
			echo "boot.sh: $1: $why"
		fi
		if [ "$quiet" -eq 0 ]; then
			sed 's/^/    /' "$work/host.log"
			echo "boot.sh: the end of the kernel's log:"
			tail -n 20 "$out/kernel.log" | sed 's/^/    /'
		fi
	} >&2
	exit "$code"
}
