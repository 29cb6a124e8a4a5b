#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-remove.sh - modprobe -r: what goes, in which order, and what stays.
# shellcheck disable=SC2016 # for other shells
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
need_strace
fake_kernel
cd "$tmp" || exit 99
conf ""

# live NAME[:HOLDER,...]...: these are loaded, and nothing else.
live()
{
	rm -rf sys/module
	mkdir sys/module
	for name; do
		case $name in
		*:*) holders=$(echo "${name#*:}" | tr , ' ') ;;
		*) holders= ;;
		esac
		name=sys/module/${name%%:*}
		mkdir -p "$name/holders"
		echo live >"$name/initstate"
		# shellcheck disable=SC2086 # words
		set -- $holders
		echo $# >"$name/refcnt"
		for holder; do
			ln -s "../../$holder" "$name/holders/$holder"
		done
	done
}

# removes ERROR MODPROBE-ARG...: the kernel's answer to delete_module
removes()
{
	kernel_says delete_module "$1"
	shift
	modprobe_fake -r "$@"
}

live a s1
removes 0 -v s1
is "one that nothing needs" 0 <<'E'
rmmod s1
E
is_called "one that nothing needs" <<'E'
delete_module("s1", O_NONBLOCK)
E
removes 0 -v s1 a
is "two" 0 <<'E'
rmmod s1
rmmod a
E
removes 0 -n s1
ours && is "-n" 0 <<'E'
rmmod s1
E
is_called "-n" </dev/null
live
removes 0 a
is "not loaded" 0 </dev/null
removes 0 --first-time a
says "--first-time" 1 <<'E'
modprobe: FATAL: Module a is not in kernel.
E
removes 0 bi
says "built in" 1 <<'E'
modprobe: FATAL: Module bi is builtin.
E
removes 0 nosuch
says "unknown" 1 <<'E'
modprobe: FATAL: Module nosuch not found.
E
removes 0 ./a.ko
says "a path is a name" 1 <<'E'
modprobe: FATAL: Module ./a.ko not found.
E

live a:b b p1
removes 0 a p1
says "in use: the rest stays" 1 <<'E'
modprobe: FATAL: Module a is in use.
E
is_called "in use" </dev/null
removes 0 -a -v a p1
is_status "-a goes on" 1
is_out "-a goes on" <<'E'
rmmod p1
E
removes 0 -q a p1
is "-q goes on, too" 1 </dev/null
is_called "-q goes on, too" <<'E'
delete_module("p1", O_NONBLOCK)
E
removes EPERM p1 b
is_status "the kernel says no" 1
err_has "the kernel says no" \
	"could not remove 'p1': Operation not permitted"
is_called "the next is tried" <<'E'
delete_module("p1", O_NONBLOCK)
delete_module("b", O_NONBLOCK)
E
removes 0 -i -f p1
is_called "-f" <<'E'
delete_module("p1", O_NONBLOCK|O_TRUNC)
E
rm sys/module/p1/refcnt
removes EAGAIN p1
is_status "no count: the kernel knows" 1
err_has "no count: the kernel knows" \
	"could not remove 'p1': Resource temporarily unavailable"
is_called "no count: the kernel knows" <<'E'
delete_module("p1", O_NONBLOCK)
E
removes 0 -v multi
is "all that an alias means" 0 <<'E'
rmmod p1
E

conf 'remove virt echo removed $CMDLINE_OPTS' 'remove p1 exit 4'
removes 0 virt
is "a command" 0 <<'E'
removed
E
removes 0 -v -n virt
is "a command, shown" 0 <<'E'
remove echo removed 
E
removes 0 p1 b
says "a command fails" 1 <<'E'
modprobe: FATAL: Error running remove command for p1
E
removes 0 -v -i p1
is "-i" 0 <<'E'
rmmod p1
E
conf ""
ours || done_testing

live a:b,s2 b:c c:d_dash d_dash s2
removes 0 -n d-dash
is "what is free then goes, too, dependents first" 0 <<'E'
rmmod d_dash
rmmod c
rmmod b
E
live a:b b:c c:d_dash d_dash
removes 0 -n --remove-holders a
is "holders, all the way up" 0 <<'E'
rmmod d_dash
rmmod c
rmmod b
rmmod a
E
run modprobe -d root -S 6.6.6 -C conf -n --remove-holders s1
is_status "--remove-holders implies -r" 0
live stranger
removes 0 -v stranger
is "a module that the tree does not know" 0 <<'E'
rmmod stranger
E
mkdir sys/module/printk
removes 0 -v printk
says "a folder of the kernel's own is no module" 1 <<'E'
modprobe: FATAL: Module printk not found.
E
live a:b b p1
conf 'softdep p1 pre: a post: s1'
removes 0 -v --first-time p1
is "softdeps in use or not there are no reason" 0 <<'E'
rmmod p1
E
removes ENOENT p1
is "it went meanwhile" 0 </dev/null
conf 'softdep p1 pre: p2' 'softdep p2 pre: p1'
live p1 p2
removes 0 -v p1
is "a ring of softdeps" 0 <<'E'
rmmod p1
rmmod p2
E
conf 'remove p1 kill -9 $$'
removes 0 p1
says "a command that is killed" 1 <<'E'
modprobe: FATAL: Error running remove command for p1
E

done_testing
