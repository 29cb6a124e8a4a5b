#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-messages.sh - messages about rare faults: texts that scripts
# and people look for.
# shellcheck disable=SC2016 # for other shells
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
need_strace
fake_kernel
cd "$tmp" || exit 99
file=$tmp/conf/test.conf

# says_also TITLE STATUS TEXT: among what was said
says_also()
{
	is_status "$1" "$2"
	err_has "$1" "$3"
}

# fails_at PATH ERROR MODPROBE-ARG...: that file cannot be opened
fails_at()
{
	tracer="strace -f -qq -o $tmp/.calls -e trace=openat -e signal=none"
	tracer="$tracer -P $1 -e inject=openat:error=$2"
	shift 2
	modprobe_fake "$@"
}

# kernel_takes ERROR MODPROBE-ARG...
kernel_takes()
{
	kernel_says finit_module,init_module "$1"
	shift
	modprobe_fake "$@"
}

# removes MODPROBE-ARG...: the kernel removes all
removes()
{
	kernel_says delete_module 0
	modprobe_fake -r "$@"
}

# ---- the configuration

conf 'alias x a'
fails_at "$tmp/conf" EACCES -R a
says_also "a folder that may not be read" 0 \
	"opendir($tmp/conf): Permission denied"
ours && {
	is_err "a folder that may not be read" <<E
modprobe: ERROR: opendir($tmp/conf): Permission denied
E
	ln -s nowhere conf/link.conf
	modprobe -R x
	is_status "a link to nowhere" 0
	is_err "a link to nowhere" <<E
modprobe: ERROR: Cannot stat directory entry: $tmp/conf/link.conf
E
	modprobe -q -R x
	is "a link to nowhere, -q" 0 <<E
a
E
	rm conf/link.conf
	fails_at "$file" EIO -R a
	is_status "a file that cannot be read" 0
	is_err "a file that cannot be read" <<E
modprobe: WARNING: $file: not read: Input/output error
E
	fails_at /proc/cmdline EIO -b -n a
	is_status "the kernel command line" 0
	is_err "the kernel command line" <<E
modprobe: WARNING: /proc/cmdline: not read: Input/output error
E
	fails_at /proc/cmdline ENOENT -b -n a
	is "no kernel command line" 0 <<E
insmod $dir/kernel/a.ko 
E
}

# ---- what the kernel shows

conf 'softdep p1 pre: s1'
mkdir -p sys/module/a/holders
echo dozing >sys/module/a/initstate
kernel_takes 0 -v a
says_also "no such state" 0 \
	"unknown /sys/module/a/initstate: 'dozing"
out_has "it is loaded" "insmod $dir/kernel/a.ko "
echo live >sys/module/a/initstate
echo many >sys/module/a/refcnt
removes -v a
says_also "no such count" 0 \
	"could not read integer from '/sys/module/a/refcnt': '"
is_out "the kernel decides" <<E
rmmod a
E
echo 0 >sys/module/a/refcnt
fails_at /sys/module/a/holders EACCES -r --remove-holders -n -v a
says_also "no way to see who uses it" 0 \
	"could not open '/sys/module/a/holders': Permission denied"
is_out "the kernel decides" <<E
rmmod a
E
ours && {
	kernel_says delete_module EAGAIN
	tracer="$tracer -e trace=delete_module,clock_nanosleep"
	tracer="$tracer -e inject=clock_nanosleep:error=EINVAL"
	modprobe_fake -r -w 20 a
	says "no clock" 1 <<E
modprobe: ERROR: could not remove 'a': Resource temporarily unavailable
E
}
rm -r sys/module/a

# ---- internal steps are not logged

ours && {
	modprobe -n -vvvv a
	is "-vvvv" 0 <<E
insmod $dir/kernel/a.ko 
E
}

# ---- failures that do not matter are logged with -v

kernel_takes ENODEV p1
is_status "a softdep, and the module" 1
err_has "a softdep, and the module" "could not insert 'p1': No such device"
ours && {
	conf 'softdep p1 pre: s1' 'install s1 false'
	kernel_takes 0 p1
	is "a softdep" 0 </dev/null
	kernel_takes 0 -vv p1
	is_status "a softdep, -vv" 0
	is_err "a softdep, -vv" <<E
modprobe: INFO: Failed to insert module 's1': Error running install command 'false' for module s1: retcode 1
E
	for module in p1 s1; do
		mkdir -p sys/module/$module/holders
		echo live >sys/module/$module/initstate
		echo 0 >sys/module/$module/refcnt
	done
	echo 1 >sys/module/s1/refcnt
	removes p1
	is "a softdep in use" 0 </dev/null
	removes -vv p1
	is_status "a softdep in use, -vv" 0
	is_err "a softdep in use, -vv" <<E
modprobe: INFO: softdep of p1 stays loaded: Module s1 is in use.
E
	rm -r sys/module/p1 sys/module/s1
}

# ---- commands

ours || done_testing
conf 'install p1 x y' 'remove p1 x y'
tracer="strace -f -qq -o $tmp/.calls -e trace=clone,clone3,vfork,fork"
tracer="$tracer -e signal=none -e inject=clone,clone3,vfork,fork:error=EAGAIN"

# forkless MODPROBE-ARG...: no process can be made
forkless()
{
	ran="modprobe $*, and no process can be made"
	# shellcheck disable=SC2086 # words
	unleaked $tracer "$KMOD_DIR/modprobe" -d root -S 6.6.6 -C conf "$@" \
		>.out 2>.err
	status=$?
}

forkless p1
says "an install command" 1 <<E
modprobe: ERROR: Could not run install command 'x y' for module p1: Resource temporarily unavailable
modprobe: ERROR: p1 has an install command that failed (conf/test.conf:1)
modprobe: ERROR: could not insert 'p1': Invalid argument
E
forkless -vv -r p1
is_status "a remove command" 1
is_err "a remove command" <<E
modprobe: INFO: Could not run remove command 'x y' for module p1: Resource temporarily unavailable
modprobe: FATAL: Error running remove command for p1
E

# Who ignores SIGCHLD leaves that to us.
conf 'install p1 echo done; true' 'install p2 echo done; exit 7'
if env --ignore-signal=CHLD true 2>/dev/null; then
	while read -r module want; do
		ran="modprobe $module, SIGCHLD ignored"
		env --ignore-signal=CHLD "$KMOD_DIR/modprobe" -d root -S 6.6.6 \
			-C conf "$module" >.out 2>.err
		status=$?
		is_status "SIGCHLD ignored" "$want"
		is_out "SIGCHLD ignored" <<E
done
E
	done <<-E
		p1 0
		p2 1
	E
	err_has "SIGCHLD ignored" "for module p2: retcode 7"
else
	echo "SIGCHLD ignored is not tested: no env for that here"
fi

# ---- limits

seq 600 | sed 's/.*/softdep m& pre: m&x\nalias m&x n&/' >"$file"
seq 600 | while read -r n; do
	echo "softdep n$n pre: m$((n + 1))"
	echo "install m$n true"
	echo "install n$n true"
done >>"$file"
modprobe -n m1
says "softdeps of softdeps" 1 <<E
modprobe: ERROR: softdeps of softdeps go deeper than 500
modprobe: ERROR: could not insert 'm1': Too many levels of symbolic links
E
conf ''

# ---- files

mkmodule -m license=GPL plain.ko
kernel_takes ENOSYS --force-vermagic ./plain.ko
says "a version that is not there" 1 <<E
modprobe: ERROR: $tmp/./plain.ko: its version cannot be taken out: No data available
modprobe: ERROR: could not insert 'plain': No data available
E
if can xz XZ; then
	echo lzma >sys/module/compression
	xz plain.ko
	kernel_takes 0 ./plain.ko.xz
	is "a way to pack that is not known here" 0 </dev/null
	kernel_takes 0 -v ./plain.ko.xz
	is_status "a way to pack that is not known here, -v" 0
	is_err "a way to pack that is not known here, -v" <<E
modprobe: NOTICE: /sys/module/compression: unknown kernel compression lzma
E
	check "it is unpacked here" grep -q '[^f]init_module(' .calls

	# The kernel says that it can, and cannot: only its decoder is doubted.
	echo xz >sys/module/compression
	while read -r error calls; do
		kernel_says finit_module "$error"
		tracer="$tracer -e trace=finit_module,init_module"
		tracer="$tracer -e inject=init_module:retval=0"
		modprobe_fake ./plain.ko.xz
		calls | sed 's/(.*, /(/' >.made
		printf '%b' "$calls" >.want
		same "the kernel says $error" calls .made
	done <<-'E'
		EINVAL finit_module(MODULE_INIT_COMPRESSED_FILE)\ninit_module("")\n
		EOPNOTSUPP finit_module(MODULE_INIT_COMPRESSED_FILE)\ninit_module("")\n
		ENOEXEC finit_module(MODULE_INIT_COMPRESSED_FILE)\ninit_module("")\n
		ENOSYS finit_module(MODULE_INIT_COMPRESSED_FILE)\ninit_module("")\n
		0 finit_module(MODULE_INIT_COMPRESSED_FILE)\n
		EPERM finit_module(MODULE_INIT_COMPRESSED_FILE)\n
		EKEYREJECTED finit_module(MODULE_INIT_COMPRESSED_FILE)\n
		EEXIST finit_module(MODULE_INIT_COMPRESSED_FILE)\n
		ENODEV finit_module(MODULE_INIT_COMPRESSED_FILE)\n
	E
fi

done_testing
