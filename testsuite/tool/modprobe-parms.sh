#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-parms.sh - parameters that a module does not have, or of another type.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "kmod does not look"
. "$top_srcdir/testsuite/tool/tree.sh"
cd "$tmp" || exit 99
conf
file=$tmp/conf/test.conf
mkmodule -m license=GPL -m parmtype=max_loop:int -m parm=max_loop:many \
	-m parmtype=names:'array of charp' -m parmtype=quiet:bool \
	-m parm=odd:by-a-function -m parmtype=level:portnr \
	-m parmtype=sizes:'array of ushort' "$dir/kernel/p1.ko"
printf 'bi.parmtype=x:int\0bi.alias=bi-alias\0' >"$dir/modules.builtin.modinfo"

# good TITLE PARAMETER...
good()
{
	title=$1
	shift
	modprobe -q -n p1 "$@"
	is_status "$title" 0
	modprobe -n --strict-params p1 "$@"
	is_status "$title" 0
	is_err "$title" </dev/null
}

# bad MESSAGE PARAMETER...: it is one, and no reason to stop
bad()
{
	message=$1
	shift
	modprobe -n p1 "$@"
	is_status "$message" 0
	is_err "$message" <<E
modprobe: WARNING: $message
E
	out_has "$message" "insmod $dir/kernel/p1.ko $*"
	modprobe --strict-params p1 "$@"
	says "$message, refused" 1 <<E
modprobe: ERROR: $message
modprobe: ERROR: could not insert 'p1': Invalid argument
E
	modprobe -q -n p1 "$@"
	is_status "-q does not say it" 0
	is_err "-q does not say it" </dev/null
}

good "all sorts" max_loop=0x10 names=a,b quiet odd odd=2 level=x sizes=1,2
good "- and _" max-loop=3
good "of every module" dyndbg dyndbg=+p async_probe x.dyndbg=+p
good "behind --" max_loop=1 -- -- nosuch=1
bad "p1 has no parameter 'max_lop', the nearest is 'max_loop'" max_lop=3
bad "p1 has no parameter 'entirely_other'" entirely_other=3
bad "p1 has no parameter 'p1.max_loop', the nearest is 'max_loop'" p1.max_loop=1
bad "p1: parameter 'max_loop' is of type int, 'x' is not" max_loop=x
bad "p1: parameter 'max_loop' is of type int, '2147483648' is not" \
	max_loop=2147483648
bad "p1: parameter 'max_loop' of type int needs a value" max_loop
bad "p1: parameter 'quiet' is of type bool, 'maybe' is not" quiet=maybe
bad "p1: parameter 'sizes' is of type array of ushort, '1,65536' is not" \
	sizes=1,65536

# A parameter that only the module's own text knows.
cp "$dir/kernel/p2.ko" p2.ko
modprobe -n p2 hidden=1
err_has "not known" "p2 has no parameter 'hidden'"
printf '\0hidden\0' >>"$dir/kernel/p2.ko"
modprobe -n p2 hidden=1
is_status "neither parm nor parmtype" 0
is_err "neither parm nor parmtype" </dev/null
cp p2.ko "$dir/kernel/p2.ko"

# Several at once, from several places.
conf 'options p1 quiet=maybe' '# x' 'options multi max_lop=1' \
	'options p1 sizes=1'
modprobe -n multi
is_status "options lines" 0
is_err "options lines" <<E
modprobe: WARNING: p1: parameter 'quiet' is of type bool, 'maybe' is not ($file:1)
modprobe: WARNING: p1 has no parameter 'max_lop', the nearest is 'max_loop' ($file:3)
modprobe: WARNING: p2 has no parameter 'max_lop' ($file:3)
E
modprobe -n p1 max_loop=y
is_status "a line, and the command line" 0
is_err "a line, and the command line" <<E
modprobe: WARNING: p1: parameter 'quiet' is of type bool, 'maybe' is not ($file:1)
modprobe: WARNING: p1: parameter 'max_loop' is of type int, 'y' is not
E
modprobe -D p1
is_status "-D is silent" 0
is_err "-D is silent" </dev/null
modprobe -D --strict-params p1
is_status "-D --strict-params" 1

# Built in.
conf 'options bi x=y'
modprobe bi z=1
is_status "built in" 0
is_err "built in" <<E
modprobe: WARNING: bi: parameter 'x' is of type int, 'y' is not ($file:1)
modprobe: WARNING: bi has no parameter 'z', the nearest is 'x'
E

# A file that is no module: loading will tell.
conf
echo nothing >"$dir/kernel/p2.ko"
modprobe -n p2 x=1
is_status "no module" 0
is_err "no module" </dev/null

# Loaded already; and the kernel command line.
fake_kernel
mkdir -p sys/module/p1
echo live >sys/module/p1/initstate
modprobe_fake p1 nosuch=1
is "loaded already" 0 </dev/null
rm -r sys/module/p1
echo p1.max_lop=1 >proc/cmdline
modprobe_fake -n p1
is_err "the kernel command line" <<E
modprobe: WARNING: p1 has no parameter 'max_lop', the nearest is 'max_loop' (kernel command line)
E

# Without parameters no module is opened.
if (need_strace) >/dev/null; then
	: >proc/cmdline
	tracer="strace -f -qq -o $tmp/.calls -e trace=openat"
	modprobe_fake -n b
	check "without parameters nothing is opened" sh -c "! grep -q '\.ko' .calls"
fi

done_testing
