# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check.sh - what a guest's script can ask about the kernel.  run.sh and image.sh
# put it behind testsuite/lib/check.sh, as /check.sh of the guest.

# calls COMMAND...: how it asked the kernel to load modules, one line a
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
