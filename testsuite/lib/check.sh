# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# check.sh - the results of checks, in one form for all suites; to be read by a
# test, on this machine or in a guest.
#
# A check prints "ok TITLE", or "not ok TITLE" and the lines that explain it, and
# is counted in $passed or $failed.  With $quiet set, only failures are printed.

passed=0 failed=0
: "${quiet=}"
check_output=${tmp:-/run}/.checked # of the last check()

ok()
{
	passed=$((passed + 1))
	[ -n "$quiet" ] || printf 'ok %s\n' "$*"
}

not_ok()
{
	failed=$((failed + 1))
	printf 'not ok %s\n' "$*"
}

# check TITLE COMMAND...: the command succeeds.
check()
{
	check_title=$1
	shift
	"$@" >"$check_output" 2>&1 && ok "$check_title" && return
	check_code=$?
	not_ok "$check_title"
	echo "    $*: exit $check_code"
	sed -e 's/^/    /' -e 60q "$check_output"
}

# prints STATUS TEXT COMMAND...: it does, both outputs as one, no more.
prints()
{
	check_want=$1 check_text=$2
	shift 2
	check_got=$("$@" 2>&1)
	check_code=$?
	[ "$check_code" -eq "$check_want" ] &&
		[ "$check_got" = "$check_text" ] && return
	printf 'exit %s, not %s; it printed\n%s\nnot\n%s\n' \
		"$check_code" "$check_want" "$check_got" "$check_text"
	return 1
}

# loaded NAME..., gone NAME...: by /proc/modules.
loaded()
{
	for check_name; do
		grep -q "^$check_name " /proc/modules || {
			echo "$check_name is not loaded"
			return 1
		}
	done
}

gone()
{
	for check_name; do
		! grep "^$check_name " /proc/modules || return 1
	done
}

# finish_suite NAME: the last line of a suite, and its status.
finish_suite()
{
	echo "$1: $passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
