#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# insmod.sh - one file to the kernel: what is handed over, and what is said.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
need_strace
fake_kernel

cd "$tmp" || exit 99
mkmodule -m license=GPL -m 'vermagic=1 ' -u x -v x=0x1 x.ko

run insmod
says "no operand" 1 <<E
insmod: ERROR: missing filename.
E
run insmod -
says "standard input is not for it" 1 <<E
insmod: ERROR: this tool does not support loading from stdin!
E

# gone OPERAND TEXT
gone()
{
	run insmod "$1"
	says "no file: $1" 1 <<E
insmod: ERROR: could not load module $1: $2
E
}
gone nosuch.ko 'No such file or directory'
gone x.ko/ 'Not a directory'
gone '' 'No such file or directory'
if ours; then # the other waits for somebody to write
	mkfifo pipe.ko
	run insmod ./pipe.ko
	says "a FIFO" 1 <<E
insmod: ERROR: could not insert module ./pipe.ko: Operation not supported (./pipe.ko: not a regular file)
E
fi

# load ERROR OPERAND...: the kernel's answer to finit_module.
load()
{
	kernel_says finit_module "$1"
	shift
	run_fake insmod "$@"
}

load 0 x.ko
is "success is silent" 0 </dev/null
is_called "no parameters, no flags" <<E
finit_module(FD, "", 0)
E

# passes TEXT OPERAND...: what the kernel gets as parameters.
passes()
{
	want=$1
	shift
	load 0 x.ko "$@"
	is "parameters: $want" 0 </dev/null
	is_called "parameters: $want" <<E
finit_module(FD, "$want", 0)
E
}
passes 'a=1 b=2 flag' a=1 b=2 flag
passes 'a=1 -1=2' a=1 -- -1=2
passes 'x=a\tb' 'x=a	b'
passes 'x= flag with blank' x= 'flag with blank'
passes 'x=\"a b\"' 'x="a b"'
passes "x='a b'" "x='a b'"
if ours; then # 30 quotes nothing
	passes ' a ' '' a ''
	passes 'x=\"a b\" y=\" \"' 'x=a b' 'y= '
	passes 'x=\"a=b c\"' 'x=a=b c'
	# 34 puts quotes around, which then end at the inner one
	passes 'x=a\"b c\"' 'x=a"b c"'
fi

# flags FLAGS OPTION...
flags()
{
	want=$1
	shift
	load 0 "$@" x.ko
	is "$*" 0 </dev/null
	is_called "$*" <<E
finit_module(FD, "", $want)
E
}
both='MODULE_INIT_IGNORE_MODVERSIONS|MODULE_INIT_IGNORE_VERMAGIC'
if ours; then
	flags "$both" -f
	flags "$both" --force
	flags "$both" --force-vermagic --force-modversion
	flags MODULE_INIT_IGNORE_MODVERSIONS --force-modversion
	flags MODULE_INIT_IGNORE_VERMAGIC --force-vermagic
	flags 0 -v -v
	load 0 x.ko a=1 -f b=2
	is_called "options behind operands" <<E
finit_module(FD, "a=1 b=2", $both)
E
fi

# refused ERROR TEXT
refused()
{
	load "$1" ./x.ko
	says "the kernel says $1" 1 <<E
insmod: ERROR: could not insert module ./x.ko: $2
E
}
refused ENOEXEC 'Invalid module format'
refused ENOENT 'Unknown symbol in module'
refused ESRCH 'Module has wrong symbol version'
refused EINVAL 'Invalid parameters'
refused EEXIST 'File exists'
refused EPERM 'Operation not permitted'
refused EKEYREJECTED 'Key was rejected by service'
refused ENOKEY 'Required key not available'
refused EBADMSG 'Bad message'
refused ENOPKG 'Package not installed'
refused ENOMEM 'Cannot allocate memory'
refused EBUSY 'Device or resource busy'
refused ETXTBSY 'Text file busy'
refused EOPNOTSUPP 'Operation not supported'
refused ENODEV 'No such device'

# Neither the file's name nor its contents matter here.
cp x.ko plain
load 0 plain
is "any name will do" 0 </dev/null
echo 'no module at all' >text
load ENOEXEC text
says "the kernel judges" 1 <<E
insmod: ERROR: could not insert module text: Invalid module format
E
printf abc >short
load 0 short
is_status "three bytes" 1
sed -i 's/ (.*)$//' .err
is_err "three bytes" <<E
insmod: ERROR: could not insert module short: Invalid parameters
E

# Packed: by the kernel where it can, by us where not.
command -v xz >/dev/null || skip "the rest: no xz"
xz --check=crc32 -k x.ko
kernel_says finit_module,init_module 0
run_fake insmod x.ko.xz a=b
is "packed" 0 </dev/null
n=$(wc -c <x.ko)
is_called "this kernel cannot unpack" <<E
init_module(IMAGE, $n, "a=b")
E
echo xz >sys/module/compression
if ours; then
	run_fake insmod x.ko.xz a=b
	is "packed" 0 </dev/null
	is_called "this kernel can unpack" <<E
finit_module(FD, "a=b", MODULE_INIT_COMPRESSED_FILE)
E
	echo zstd >sys/module/compression
	run_fake insmod x.ko.xz
	is_called "this kernel unpacks something else" <<E
init_module(IMAGE, $n, "")
E
fi
head -c 100 x.ko.xz >cut.ko.xz
rm sys/module/compression
run_fake insmod cut.ko.xz
is_status "cut" 1
err_has "cut" \
	'insmod: ERROR: could not insert module cut.ko.xz: Invalid parameters'

done_testing
