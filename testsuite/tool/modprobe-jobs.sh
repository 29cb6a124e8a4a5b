#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-jobs.sh - many modules in one run: --jobs, and --modules-load, which
# is compared with systemd-modules-load where that is installed.  strace answers
# for the kernel.
# shellcheck disable=SC2016 # for other shells
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "kmod has neither"
. "$top_srcdir/testsuite/tool/tree.sh"
need_strace
cd "$tmp" || exit 99
fake_kernel
conf

# loads WORD...: which modules the last run gave to the kernel, in any order
loads()
{
	title=$1
	shift
	printf '%s\n' "$@" | sed '/^$/d' | sort >.want
	sed -n 's/.*openat([^"]*"[^"]*\/\([^"/]*\)\.ko".*/\1/p' .calls |
		sort >.made
	same "$title" modules .made
}

answers()
{
	kernel_says finit_module "$1"
	tracer=$(echo "$tracer" |
		sed 's/-e trace=finit_module/-e trace=finit_module,openat/')
}

answers 0

# ---- --jobs

for jobs in 1 2 7; do
	modprobe_fake -a --jobs=$jobs b s1 p1 p2
	is "--jobs=$jobs" 0 </dev/null
	# Nothing is loaded, whatever the kernel says: so a twice, by name and need.
	loads "--jobs=$jobs: all of them" a b s1 p1 p2
done
modprobe_fake -a -v --jobs=3 multi nosuch bi
is_status "an unknown one" 1
is_err "an unknown one" <<E
modprobe: WARNING: Module nosuch not found in directory $dir
E
sort .out >.sorted && mv .sorted .out
is_out "the others are loaded" <<E
insmod $dir/kernel/p1.ko 
insmod $dir/kernel/p2.ko 
E
loads "the others are loaded" p1 p2
modprobe_fake -a -n --jobs=3 b s1
sort .out >.sorted && mv .sorted .out
is "-n" 0 <<E
insmod $dir/kernel/a.ko 
insmod $dir/kernel/b.ko 
insmod $dir/kernel/s1.ko 
E
loads "-n" ''
conf 'install s1 echo "$MODPROBE_MODULE $MODPROBE_OPTIONS"' 'blacklist p1' \
	'install s2 exit $((1 + 2))'
modprobe_fake -q -a --jobs=2 s1 a
is "commands inherit" 0 <<E
s1 -C $tmp/conf -d $tmp/root -S 6.6.6 -q
E
modprobe_fake -a -b --jobs=2 p1 a
is "the blacklist" 0 </dev/null
loads "the blacklist" a
modprobe_fake -a --jobs=2 s2 a
says "a command that fails" 1 <<E
modprobe: ERROR: Error running install command 'exit \$((1 + 2))' for module s2: retcode 3
modprobe: ERROR: s2 has an install command that failed ($tmp/conf/test.conf:3)
modprobe: ERROR: could not insert 's2': Invalid argument
E
loads "the others are loaded" a a # for s2, and by itself
conf
for number in '' 0 -1 x 1x; do
	run modprobe -a --jobs="$number" a
	says "--jobs '$number'" 1 <<E
modprobe: ERROR: unexpected number of jobs '$number'.
E
done

answers ENODEV
modprobe_fake -a --jobs=3 s1 a p1
says "errors in the order of the names" 1 <<E
modprobe: ERROR: could not insert 's1': No such device
modprobe: ERROR: could not insert 'a': No such device
modprobe: ERROR: could not insert 'p1': No such device
E

# ---- --modules-load

answers 0
mkdir -p etc/modules-load.d run/modules-load.d usr/local/lib/modules-load.d \
	lib/modules-load.d
# The host's own are not for us.
for file in /usr/lib/modules-load.d/*.conf /lib/modules-load.d/*.conf; do
	[ ! -e "$file" ] || : >"lib/modules-load.d/${file##*/}"
done
printf '# one\n\n  ; two\n s1 \t\r\nmulti\nbi\n' >etc/modules-load.d/10.conf
echo d-dash >run/modules-load.d/10.conf # hidden
echo s2 >usr/local/lib/modules-load.d/zz.conf
echo nosuch >lib/modules-load.d/20.conf
ln -s /dev/null etc/modules-load.d/20.conf
echo nosuch2 >run/modules-load.d/30.conf
ln -s /nosuch etc/modules-load.d/30.conf
echo nosuch3 >etc/modules-load.d/x.conf~
echo nosuch4 >etc/modules-load.d/.x.conf
mkdir etc/modules-load.d/folder.conf
echo nosuch5 >usr/local/lib/modules-load.d/folder.conf
echo 'quiet modules_load=b,,"" rd.modules_load=nosuch "modules-load=c"' \
	>proc/cmdline
modprobe_fake --modules-load
says "the default folders" 1 <<E
modprobe: ERROR: /etc/modules-load.d/folder.conf: Is a directory
E
loads "the default folders" a b a b s1 c s2 s1 p1 p2 a s2

cp .made .ours
if [ -x /lib/systemd/systemd-modules-load ] && [ -f /lib/x86_64-linux-gnu/libkmod.so.2 ]; then
	mkdir -p lib/modules
	release=$(uname -r)
	cp -r "$dir" "lib/modules/$release"
	mkdir -p .systemd
	ln -sf /lib/systemd/systemd-modules-load .systemd/systemd-modules-load
	saved=$KMOD_DIR KMOD_DIR=$tmp/.systemd
	SYSTEMD_PROC_CMDLINE=$(cat proc/cmdline)
	export SYSTEMD_PROC_CMDLINE
	run_fake systemd-modules-load
	KMOD_DIR=$saved
	is_status "systemd-modules-load" 1
	# It loads what a module needs once for all, as nothing says it is there.
	sed -n 's/.*openat([^"]*"[^"]*\/\([^"/]*\)\.ko".*/\1/p' .calls |
		sort -u >.made
	sort -u .ours >.want
	same "as systemd-modules-load" modules .made
	rm -r lib/modules
fi

: >etc/initrd-release
echo 'modules_load=s1 rd.modules_load=p1' >proc/cmdline
rm -r etc/modules-load.d run/modules-load.d usr/local/lib/modules-load.d
rm -f lib/modules-load.d/20.conf
modprobe_fake --modules-load
is "in an initrd" 0 </dev/null
loads "in an initrd" s1 p1
rm etc/initrd-release
modprobe_fake --modules-load
loads "outside of it" s1

echo 'modules_load=p1' >proc/cmdline
mkdir list
printf 's1\nnosuch\n' >list/b.conf
printf 'multi\n' >list/a.conf
echo s2 >list/c
modprobe_fake --modules-load=list -v
is_status "a folder, one name is unknown" 0
is_err "a folder" <<E
modprobe: WARNING: Module nosuch not found in directory $dir
E
is_out "a folder, its files in order" <<E
insmod $dir/kernel/p1.ko 
insmod $dir/kernel/p2.ko 
insmod $dir/kernel/s1.ko 
E
modprobe_fake --modules-load=list/c --jobs=4
is "a file" 0 </dev/null
loads "a file" a s2
printf 's1\nnosuch\n' >list/d
modprobe_fake --modules-load=list/d --jobs=4
is_status "an unknown name, by several threads" 0
answers ENODEV
modprobe_fake --modules-load=list/c
is_status "one that the kernel refuses" 1
answers 0
conf 'blacklist s2'
modprobe_fake --modules-load=list/c
is "the blacklist holds" 0 </dev/null
loads "the blacklist holds" ''
modprobe_fake --modules-load=nosuch
says "nothing there" 1 <<E
modprobe: ERROR: nosuch: No such file or directory
E
run modprobe --modules-load a
is_status "names beside it" 1
err_has "names beside it" "takes no names"
: >list/c
modprobe_fake --modules-load=list/c
is "nothing listed" 0 </dev/null

done_testing
