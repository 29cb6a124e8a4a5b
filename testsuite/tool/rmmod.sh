#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# rmmod.sh - modules out of the kernel, and what stands in the way.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
need_strace
fake_kernel

cd "$tmp" || exit 99

# module NAME COUNT HOLDERS: it is loaded
module()
{
	echo "$1 4096 $2 $3 Live 0x0" >>proc/modules
	mkdir -p "sys/module/$1/holders"
	echo "$2" >"sys/module/$1/refcnt"
	echo live >"sys/module/$1/initstate"
	for holder in $(echo "$3" | tr -d - | tr , ' '); do
		: >"sys/module/$1/holders/$holder"
	done
}
module dummy 0 -
module two_words 0 -
module used 1 holder,
module busy 3 -
module twice 2 one,two,

run rmmod
says "no operand" 1 <<E
rmmod: ERROR: missing module name.
E

# unload ERROR OPERAND...: the kernel's answer to delete_module
unload()
{
	kernel_says delete_module "$1"
	shift
	run_fake rmmod "$@"
}

# removes NAME OPERAND...
removes()
{
	want=$1
	shift
	unload 0 "$@"
	is "removes $*" 0 </dev/null
	is_called "removes $*" <<E
delete_module("$want", O_NONBLOCK)
E
}
removes dummy dummy
removes two_words two-words
removes dummy dummy.ko
removes dummy dummy.ko.xz
: >dummy.ko.zst
mkdir dir.d dir.d/two-words.ko
removes dummy ./dummy.ko.zst
removes dummy "$tmp/dummy.ko.zst"
removes two_words dir.d/two-words.ko

unload 0 dummy two_words
is "several" 0 </dev/null
is_called "in the order of the operands" <<E
delete_module("dummy", O_NONBLOCK)
delete_module("two_words", O_NONBLOCK)
E
for option in -f --force; do
	unload 0 $option used nosuch
	is "$option asks nobody" 0 </dev/null
	is_called "$option" <<E
delete_module("used", O_NONBLOCK|O_TRUNC)
delete_module("nosuch", O_NONBLOCK|O_TRUNC)
E
done
unload 0 -v -v dummy
is "-v" 0 </dev/null

# stays OPERAND TEXT: nothing is tried
stays()
{
	unload 0 "$1"
	says "stays: $1" 1 <<E
rmmod: ERROR: $2
E
	is_called "stays: $1" </dev/null
}
stays used 'Module used is in use by: holder'
stays busy 'Module busy is in use'
stays nosuch 'Module nosuch is not currently loaded'
stays no-such.ko 'Module no_such is not currently loaded'
stays /no/such/dummy.ko 'Module /no/such/dummy is not currently loaded'
if ours; then
	# kmod: in the order of the directory; "unloading is not supported"
	stays twice 'Module twice is in use by: one two'
	stays '' 'Module  is not currently loaded'
	stays ../nosuch/x 'Module  is not currently loaded'
	mkdir sys/module/printk
	stays printk 'Module printk is not currently loaded'
fi

unload 0 nosuch dummy used two_words
is_status "some stay" 1
is_err "some stay" <<E
rmmod: ERROR: Module nosuch is not currently loaded
rmmod: ERROR: Module used is in use by: holder
E
is_called "the others go" <<E
delete_module("dummy", O_NONBLOCK)
delete_module("two_words", O_NONBLOCK)
E
if ours; then # 30 stops there, with status 0
	unload 0 dir.d/ dummy
	says "a path without a name" 1 <<E
rmmod: ERROR: could not use module dir.d/: No such file or directory
E
	is_called "the others go" <<E
delete_module("dummy", O_NONBLOCK)
E
fi

# refused ERROR TEXT; kmod says it twice
refused()
{
	unload "$1" two-words.ko
	is_status "the kernel says $1" 1
	ours && is_err "the kernel says $1" <<E
rmmod: ERROR: could not remove module two-words.ko: $2
E
	err_has "the kernel says $1" \
		"rmmod: ERROR: could not remove module two-words.ko: $2"
}
refused EAGAIN 'Resource temporarily unavailable'
refused EBUSY 'Device or resource busy'
refused ENOENT 'No such file or directory'
refused EPERM 'Operation not permitted'

if ours; then
	# Kernels that do not count
	echo 'fixed 4096 - - Live 0x0' >>proc/modules
	stays fixed 'Module unloading is not supported'

	# /sys alone will do
	mv proc/modules proc/.modules
	removes dummy dummy
	stays nosuch 'Module nosuch is not currently loaded'
	mv proc/.modules proc/modules
fi

if ours; then
	# It waits while the kernel says EAGAIN, and only then.
	for option in -w -w60000 -w=60000 --wait --wait=60000; do
		unload 0 $option dummy busy used
		is "$option" 0 </dev/null
		is_called "$option: users are no reason yet" <<E
delete_module("dummy", O_NONBLOCK)
delete_module("busy", O_NONBLOCK)
delete_module("used", O_NONBLOCK)
E
	done
	unload EAGAIN -w60 busy
	says "the time is over" 1 <<E
rmmod: ERROR: Module busy is in use
E
	check "it has tried again" test "$(calls | wc -l)" -ge 3
	unload EAGAIN --wait=1 twice
	says "the time is over, and by whom" 1 <<E
rmmod: ERROR: Module twice is in use by: one two
E
	unload EAGAIN -w1 -f used
	says "with force" 1 <<E
rmmod: ERROR: could not remove module used: Resource temporarily unavailable
E
	unload EBUSY -w busy
	says "no reason to wait" 1 <<E
rmmod: ERROR: could not remove module busy: Device or resource busy
E
	check "tried once" test "$(calls | wc -l)" = 1
	unload 0 -w nosuch
	says "-w of what is not loaded" 1 <<E
rmmod: ERROR: Module nosuch is not currently loaded
E
	unload 0 -w fixed
	says "-w where nothing can be unloaded" 1 <<E
rmmod: ERROR: Module unloading is not supported
E
	for ms in -1 1.5 '' 5s; do
		run rmmod "--wait=$ms" dummy
		says "--wait=$ms" 1 <<E
rmmod: ERROR: unexpected wait value '$ms'.
E
	done
fi

done_testing
