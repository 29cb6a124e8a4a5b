#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo-live.sh - modinfo --live: parameters as the kernel has them.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own option"
need_depmod
fake_kernel

cd "$tmp" || exit 99
mkdir -p lib/modprobe.d
tree=$tmp/r/lib/modules/1.2.3
mkdir -p "$tree/kernel"
mkmodule -m license=GPL -m 'parm=number:How many' -m parmtype=number:int \
	-m parmtype=flag:bool -m 'parm=text:Two
lines' -m parmtype=text:charp -m 'parm=hidden: Nobody sees it ' \
	"$tree/kernel/my-mod.ko"
mkmodule "$tree/kernel/bare.ko"
echo kernel/inside.ko >"$tree/modules.builtin"
printf '%s\0' inside.parm=p:x core.parm=c:x >"$tree/modules.builtin.modinfo"
depmod -b "$tmp/r" 1.2.3 2>/dev/null

look()
{
	run_fake modinfo -b "$tmp/r" -k 1.2.3 --live "$@"
	# /lib may be a link
	sed -i 's|/usr/lib/modprobe.d|/lib/modprobe.d|' "$tmp/.out"
}

echo 'options my-mod number=5 nosuch=1 dyndbg=+p' >lib/modprobe.d/zz-test.conf
look my-mod
is "not loaded" 0 <<E
my_mod: not loaded, $tree/kernel/my-mod.ko

hidden
    Nobody sees it

text (charp)
    Two
    lines

flag (bool)

number (int)
    How many
    will be set at /lib/modprobe.d/zz-test.conf:1, to 5

nosuch
    the module has no such parameter; set at /lib/modprobe.d/zz-test.conf:1, to 1

dyndbg
    will be set at /lib/modprobe.d/zz-test.conf:1, to +p
E

# value PARAMETER TEXT...
value()
{
	mkdir -p sys/module/my_mod/parameters
	printf '%s\n' "$2" >"sys/module/my_mod/parameters/$1"
}
value number 7
value flag Y
value text 'a b'
value extra 1
echo live >sys/module/my_mod/initstate
printf '%s\n' 'options my_mod flag=0 text=x' 'options other flag=1' \
	'options my_mod flag number=0x7' >lib/modprobe.d/zz-test.conf
echo 'quiet my-mod.text="a b" other.text=y' >proc/cmdline
look my_mod
is "loaded" 0 <<E
my_mod: loaded, $tree/kernel/my-mod.ko

hidden, not shown by the kernel
    Nobody sees it

text = a b (charp)
    Two
    lines
    set on the kernel command line, to a b

flag = Y (bool)
    set at /lib/modprobe.d/zz-test.conf:3

number = 7 (int)
    How many
    set at /lib/modprobe.d/zz-test.conf:3, to 0x7

extra = 1
    default, or set by hand
E

value number 8
value flag N
value text "$(printf 'a\033[1mb')"
look my_mod
is_status "changed" 0
check "three have changed" test "$(grep -c 'changed since' .out)" = 3
out_has "no control characters" 'text = a?[1mb (charp)'

if has_json; then
	look --json my_mod
	json "--json" 'd == [{"name": "my_mod", "state": "loaded",
		"filename": "'"$tree"'/kernel/my-mod.ko", "parameters": [
		{"name": "hidden", "type": None,
			"description": " Nobody sees it ", "known": True,
			"value": None, "set": False, "set_to": None,
			"file": None, "line": None, "changed": False},
		{"name": "text", "type": "charp", "description": "Two\nlines",
			"known": True, "value": "a\x1b[1mb", "set": True,
			"set_to": "a b", "file": "kernel command line",
			"line": None, "changed": True},
		{"name": "flag", "type": "bool", "description": None,
			"known": True, "value": "N", "set": True,
			"set_to": None,
			"file": "/lib/modprobe.d/zz-test.conf", "line": 3,
			"changed": True},
		{"name": "number", "type": "int", "description": "How many",
			"known": True, "value": "8", "set": True,
			"set_to": "0x7",
			"file": "/lib/modprobe.d/zz-test.conf", "line": 3,
			"changed": True},
		{"name": "extra", "type": None, "description": None,
			"known": True, "value": "1", "set": False,
			"set_to": None, "file": None, "line": None,
			"changed": False}]}]'
fi

# Values are compared as the kernel reads them.
mkmodule -m license=GPL -m parmtype=flag:bool -m parmtype=big:ulong \
	-m parmtype=no:invbool -m 'parmtype=list:array of int' \
	-m parmtype=quoted:charp "$tree/kernel/typed.ko"
depmod -b "$tmp/r" 1.2.3 2>/dev/null
mkdir -p sys/module/typed/parameters
echo live >sys/module/typed/initstate
# typed FLAG BIG NO LIST QUOTED
typed()
{
	for parameter in flag big no list quoted; do
		printf '%s\n' "$1" >"sys/module/typed/parameters/$parameter"
		shift
	done
	look typed
}
printf '%s\n' 'options typed flag=e big=18446744073709551615 no=of list=1,0x2' \
	'options typed "quoted=a b"' >lib/modprobe.d/zz-test.conf
typed Y 18446744073709551615 N 1,2,0 'a b'
is_status "as they were set" 0
check "none has changed" test "$(grep -c 'changed since' .out)" = 0
typed N 18446744073709551614 Y 1,3,0 a
is_status "all are others" 0
check "all have changed" test "$(grep -c 'changed since' .out)" = 5

# Not from the tree, built in, a part of the kernel that is no module, nothing
mkdir -p sys/module/alien/parameters sys/module/inside/parameters \
	sys/module/core/parameters
echo live >sys/module/alien/initstate
echo 3 >sys/module/alien/parameters/a
echo 4 >sys/module/inside/parameters/p
echo 5 >sys/module/core/parameters/c
look alien inside core bare
is "from everywhere" 0 <<E
alien: loaded

a = 3
    default, or set by hand

inside: built in

p = 4
    x
    default, or set by hand

core: built in

c = 5
    x
    default, or set by hand

bare: not loaded, $tree/kernel/bare.ko

E
# No modprobe reads a line for a built-in; the kernel reads its own.
printf '%s\n' 'options inside p=9 nosuch=1' 'options core c=5' \
	>lib/modprobe.d/zz-test.conf
echo 'core.c=7 inside.q=1' >proc/cmdline
look inside core
is "lines about what is built in" 0 <<E
inside: built in

p = 4
    x
    default, or set by hand
    it is built in, so this does nothing: /lib/modprobe.d/zz-test.conf:1, to 9

nosuch
    the module has no such parameter; set at /lib/modprobe.d/zz-test.conf:1, to 1

q
    the module has no such parameter; set on the kernel command line, to 1

core: built in

c = 5
    x
    set on the kernel command line, to 7

E
if has_json; then
	look --json inside
	json "--json of what is built in" '[(p["name"], p["known"], p["value"],
		p["set"], p["set_to"], p["line"], p["changed"])
		for p in d[0]["parameters"]] == [
		("p", True, "4", False, "9", 1, False),
		("nosuch", False, None, False, "1", 1, False),
		("q", False, None, True, "1", None, False)]'
fi
look nosuch
says "nothing of that name" 1 <<E
modinfo: ERROR: Module nosuch not found.
E
for name in ../module/alien . '' ..; do
	look "$name"
	is_status "no name: '$name'" 1
done
look -0 my_mod
says "-0" 1 <<E
modinfo: ERROR: --live goes with no field, --null or --verify.
E
look -F parm my_mod
says "-F" 1 <<E
modinfo: ERROR: --live goes with no field, --null or --verify.
E

# What cannot be read
if [ "$(id -u)" = 0 ]; then
	mkdir sys/module/my_mod/parameters/folder
	look my_mod
	is_status "not readable" 0
	out_has "not readable" 'folder, not readable: Is a directory'
fi

done_testing
