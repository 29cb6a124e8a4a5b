# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# lib.sh - two Debian systems that are the same but for their module tools.
#
# To be read by a part, which run.sh starts as
#	PART BUILDDIR
# with $top set and $tmp, a directory that is removed later.  It prints the things it
# compares, and ends with "clients: N passed, M failed".

# shellcheck source=scripts/lib/packages.sh
. "$top/scripts/lib/packages.sh"
# shellcheck source=testsuite/lib/check.sh
. "$top/testsuite/lib/check.sh"
# shellcheck source=testsuite/lib/chroot.sh
. "$top/testsuite/lib/chroot.sh"
# shellcheck source=testsuite/lib/corpus.sh
. "$top/testsuite/lib/corpus.sh"

# note TEXT: a figure, for the log.
note()
{
	echo "    $*"
}

# shellcheck disable=SC2317 # a trap calls it
remove_sides()
{
	for side in peer ours; do
		chroot_remove "$tmp/$side"
	done
}

finish()
{
	trap - EXIT
	remove_sides
	finish_suite clients
	exit
}

# two_systems BUILDDIR PACKAGE...: makes $peer and $ours, two roots with these
# packages; in $ours the program is ours, at the same place: every link and
# every file of the kmod package stays.  BUILDDIR "peer" leaves it so.
two_systems()
{
	build=$1
	shift
	trap 'remove_sides; echo "clients: 0 passed, 1 failed"' EXIT
	trap 'exit 1' HUP INT TERM
	base=$(chroot_base kmod "$@") &&
		chroot_copy "$base" "$tmp/peer" &&
		chroot_copy "$base" "$tmp/ours" || exit
	peer=$tmp/peer/root ours=$tmp/ours/root
	[ "$build" = peer ] || put_ours
	version=$(chroot_run "$peer" /bin/kmod --version | head -n 1)
	note "peer: $version; ours: $(chroot_run "$ours" /bin/kmod --version |
		tail -n 1)"
}

put_ours()
{
	# Nothing but libc: what else it could need is not in these systems.
	if readelf -dW "$build/src/kmod" | grep NEEDED | grep -v libc.so; then
		echo "$build/src/kmod needs more than libc" >&2
		exit 1
	fi
	rm "$ours/bin/kmod" && install -m 755 "$build/src/kmod" "$ours/bin/kmod" ||
		exit
}

# both COMMAND ARG...: in both systems at a time; $tmp/peer.out, .err, .code.
both()
{
	for side in peer ours; do
		{
			chroot_run "$tmp/$side/root" "$@" \
				>"$tmp/$side.out" 2>"$tmp/$side.err" </dev/null
			echo $? >"$tmp/$side.code"
		} &
		eval "${side}_pid=\$!"
	done
	# shellcheck disable=SC2154 # just now
	wait "$peer_pid" "$ours_pid"
}

# same_text [SED-ARG...]: both ended well (or alike) and printed the same.
same_text()
{
	[ $# -gt 0 ] || set -- -e ''
	for part in code out err; do
		for side in peer ours; do
			sed "$@" "$tmp/$side.$part" >"$tmp/$side.plain"
		done
		diff "$tmp/peer.plain" "$tmp/ours.plain" || {
			echo "($part differs)"
			return 1
		}
	done
}

succeeded()
{
	for side in peer ours; do
		[ "$(cat "$tmp/$side.code")" = 0 ] || {
			echo "$side: exit $(cat "$tmp/$side.code")"
			tail -n 20 "$tmp/$side.out" "$tmp/$side.err"
			return 1
		}
	done
}

# same_files DIR...: the same names, kinds and modes below them in both; without
# the lines that match the pattern $but, which only ours may have.
same_files()
{
	for side in peer ours; do
		(cd "$tmp/$side/root" && find "$@" -printf '%p %y %m %l\n') |
			LC_ALL=C sort >"$tmp/$side.names"
	done
	[ -s "$tmp/peer.names" ] || {
		echo "no files"
		return 1
	}
	grep -vE -e "${but:-^$}" "$tmp/ours.names" |
		diff "$tmp/peer.names" -
}

# split_calls MARK DIR: the lines of the file calls that begin with it, a file
# each: NUMBER, and NUMBER.row with the difference that is meant, or nothing,
# NUMBER.client with its name.
split_calls()
{
	awk -v mark="$1" -v dir="$2" '
	/^\[/ { client = substr($0, 2, length - 2); next }
	/^~ / { row = $2; next }
	substr($0, 1, 2) == mark " " {
		n++
		print substr($0, 3) >(dir "/" n)
		print row >(dir "/" n ".row")
		print client >(dir "/" n ".client")
		close(dir "/" n)
		close(dir "/" n ".row")
		close(dir "/" n ".client")
	}
	{ row = "" }' "$top/testsuite/clients/calls"
}

# What both say in their own way: Debian's kmod tells places in its source.
plain_words()
{
	sed -e 's|^libkmod: ERROR \.\./libkmod/[^ ]*\.c:[0-9]* [a-z_]*: |libkmod: ERROR: |' \
		"$1"
}

same_call()
{
	for part in code out err; do
		plain_words "$1.$part" >"$tmp/peer.plain"
		plain_words "$2.$part" >"$tmp/ours.plain"
		diff "$tmp/peer.plain" "$tmp/ours.plain" || {
			echo "($part differs)"
			return 1
		}
	done
}

# compare_call PEER OURS: what a call left there, and if it differs as is meant.
compare_call()
{
	title="$(cat "$1.client"): $(cut -c 1-90 "$1")"
	row=$(cat "$1.row")
	if [ -z "$row" ] || [ "$build" = peer ]; then
		check "$title" same_call "$1" "$2"
	else
		check "$title: differs as $row says" meant_call "$1" "$2"
		[ "${SHOW-}" = '' ] || sed 's/^/    /' "$check_output"
	fi
}

# meant_call PEER OURS: it differs, and as far as can be told in that way.
meant_call()
{
	grep -q "^| \`$row\`" "$top/COMPATIBILITY.md" || {
		echo "no row $row"
		return 1
	}
	if same_call "$1" "$2"; then
		echo "it does not differ"
		return 1
	fi
	case $row in
	build-id) grep -a -v '^build-id[:=]' "$2.out" | cmp - "$1.out" ;;
	planned-once)
		awk '!seen[$0]++' "$1.out" >"$tmp/once"
		awk '!seen[$0]++' "$2.out" | cmp - "$tmp/once"
		;;
	nodes-stdout) # kmod 30 makes a file of that name
		[ "$(cat "$1.out" "$1.code" "$2.code" | xargs)" = "0 0 1" ] &&
			grep -q ' loop-control ' "$2.out"
		;;
	lsmod-holders) # the letters are the same, in another order
		fold -w 1 "$1.out" | sort >"$tmp/letters"
		fold -w 1 "$2.out" | sort | cmp - "$tmp/letters"
		;;
	softdep-lines) ! diff "$1.out" "$2.out" | grep '^<' ;;
	dry-run-prints)
		[ ! -s "$1.out" ] && ! grep -v '^insmod ' "$2.out"
		;;
	esac
}

# boots SIDE: what boot.sh left there.
boots()
{
	[ "$(cat "$tmp/$1.code")" = 0 ] && return
	cat "$tmp/$1.said" "$tmp/$1.why"
	return 1
}
