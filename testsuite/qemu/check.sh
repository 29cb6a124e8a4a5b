# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check.sh - what a guest's script says of its checks; to be read by it.

failures=0

# check WHAT COMMAND...: one line, "ok WHAT" or "not ok WHAT" and what was seen.
# What the command printed is in $said then.
check()
{
	what=$1
	shift
	said=$("$@" 2>&1)
	code=$?
	if [ "$code" -eq 0 ]; then
		echo "ok $what"
	else
		failures=$((failures + 1))
		echo "not ok $what"
		printf '%s\n' "$*: exit $code" "$said" | sed 's/^/    /'
	fi
}

# prints STATUS TEXT COMMAND...: it does, both outputs as one, no more.
prints()
{
	want=$1 text=$2
	shift 2
	got=$("$@" 2>&1)
	code=$?
	[ "$code" -eq "$want" ] && [ "$got" = "$text" ] && return
	printf 'exit %s, not %s; it printed\n%s\nnot\n%s\n' \
		"$code" "$want" "$got" "$text"
	return 1
}

# loaded NAME..., gone NAME...: so says /proc/modules.
loaded()
{
	for name; do
		grep -q "^$name " /proc/modules || {
			echo "$name is not loaded"
			return 1
		}
	done
}

gone()
{
	for name; do
		! grep "^$name " /proc/modules || return 1
	done
}

# calls WORD COMMAND...: how it asked the kernel to load modules, one line a
# file: "finit_module FLAGS" or "init_module", and how the kernel answered.
calls()
{
	strace -f -qq -e trace=finit_module,init_module -e signal=none \
		-o /run/calls "$@" || return
	sed -n -e 's/.*finit_module([^,]*, .*, \([^,)]*\)) *= \(-\{0,1\}[0-9]*\).*/finit_module \1 \2/p' \
		-e 's/.* init_module(.*) *= \(-\{0,1\}[0-9]*\).*/init_module \1/p' \
		/run/calls
}

# told TEXT: the kernel did, since the last mark.
told()
{
	dmesg | sed -n "/$mark/,\$p" | grep -F -e "$1" && return
	dmesg | tail -n 5
	return 1
}

mark()
{
	mark=mark-$$-$((marks = ${marks-0} + 1))
	echo "$mark" >/dev/kmsg
}
