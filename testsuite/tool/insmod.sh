#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# insmod.sh - one file to the kernel: the calls and the messages.
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
is_status "standard input that is empty" 1
ours || says "standard input is not for it" 1 <<E
insmod: ERROR: this tool does not support loading from stdin!
E

# missing OPERAND TEXT
missing()
{
	run insmod "$1"
	says "no file: $1" 1 <<E
insmod: ERROR: could not load module $1: $2
E
}
missing nosuch.ko 'No such file or directory'
missing x.ko/ 'Not a directory'
missing '' 'No such file or directory'
if ours; then
	mkdir folder.ko
	for folder in folder.ko folder.ko/; do
		run insmod $folder
		says "a folder: $folder" 1 <<E
insmod: ERROR: could not insert module $folder: Is a directory
E
	done
	run insmod -p x.ko
	says "-p is of the past" 1 <<E
$KMOD_DIR/insmod: invalid option -- 'p'
E
	# the other waits for somebody to write
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
if ours; then
	mkmodule -m license=GPL -g "Some	One:0102ff:0001" signed.ko
	unsigned='(./x.ko has no signature, and the kernel loads only what is signed)'
	load EKEYREJECTED ./signed.ko
	says "a signature that the kernel does not take" 1 <<E
insmod: ERROR: could not insert module ./signed.ko: Key was rejected by service (./signed.ko is signed by 'Some?One': the kernel does not know that key, or the file was altered)
E
	mkdir -p "$tmp/sys/kernel/security"
	echo 'none [integrity] confidentiality' \
		>"$tmp/sys/kernel/security/lockdown"
	refused EPERM 'Operation not permitted (./x.ko has no signature, and the kernel is locked down)'
	load EPERM ./signed.ko
	says "locked down, for another reason" 1 <<E
insmod: ERROR: could not insert module ./signed.ko: Operation not permitted
E
	echo '[none] integrity confidentiality' \
		>"$tmp/sys/kernel/security/lockdown"
	refused EPERM 'Operation not permitted'
	rm -r "${tmp:?}/sys/kernel"
else
	unsigned=
fi
refused EKEYREJECTED "Key was rejected by service${unsigned:+ $unsigned}"
refused ENOKEY "Required key not available${unsigned:+ $unsigned}"
refused EBADMSG 'Bad message'
refused ENOPKG 'Package not installed'
refused ENOMEM 'Cannot allocate memory'
refused EBUSY 'Device or resource busy'
refused ETXTBSY 'Text file busy'
refused EOPNOTSUPP 'Operation not supported'
refused ENODEV 'No such device'

# The module on standard input: from a file, from a pipe, from the middle.
if ours; then
	# from_stdin OPERAND...: run_fake has no standard input.
	from_stdin()
	{
		ran="insmod $*"
		# shellcheck disable=SC2086,SC2154 # words; lib.sh sets it
		unleaked ${tracer:-} "$KMOD_DIR/insmod" "$@" >.out 2>.err
		status=$?
	}
	kernel_says finit_module 0
	from_stdin - a=1 'b=2 3' <x.ko
	is "a file on standard input" 0 </dev/null
	is_called "a file on standard input" <<E
finit_module(FD, "a=1 b=\\"2 3\\"", 0)
E
	mkfifo pipe
	cat x.ko >pipe &
	from_stdin -f - <pipe
	wait
	is "a pipe" 0 </dev/null
	is_called "a pipe" <<E
finit_module(FD, "", $both)
E
	{
		dd bs=1 count=10 of=/dev/null 2>/dev/null
		from_stdin -
	} <x.ko
	is_called "the middle of a file" <<E
finit_module(FD, "", 0)
E
	was=$tracer tracer=
	from_stdin - <&-
	tracer=$was
	says "closed" 1 <<E
insmod: ERROR: could not insert module -: Bad file descriptor
E
	printf abc >pipe &
	from_stdin - <pipe
	wait
	says "three bytes of a pipe" 1 <<E
insmod: ERROR: could not insert module -: Invalid parameters (standard input: too short to be a module)
E
	kernel_says finit_module ENOENT
	from_stdin - <x.ko
	says "refused" 1 <<E
insmod: ERROR: could not insert module -: Unknown symbol in module
E
fi

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

# Compressed: by the kernel where it can, by us where not.
can xz XZ || skip "the rest: no xz"
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
