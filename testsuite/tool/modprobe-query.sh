#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-query.sh - what modprobe tells without doing anything: -c.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
cd "$tmp" || exit 99
fake_kernel

# ---- -c: the configuration, then the aliases of the indexes

# shellcheck disable=SC2016 # for other shells
conf 'options b-x  p=1	q="2 3"  ' 'install i-j   /bin/true $CMDLINE_OPTS ' \
	'remove i-j true' 'blacklist x-y more' 'alias [a-c]-d e-f more' \
	'softdep a pre: s1 s2' 'softdep b post: s1' 'softdep a nothing marked' \
	'alias q a'
cat >want <<'E'
blacklist x_y
install i_j   /bin/true $CMDLINE_OPTS 
remove i_j true
alias [a-c]_d e_f
alias q a
options b_x  p=1 q="2 3"  
softdep a pre: s1 s2
softdep b post: s1
softdep a 
E
cat >indexes <<'E'

# End of configuration files. Dumping indexes now:

alias char_*_7 d_dash
alias multi p1
alias multi p2
alias my_alias_d d_dash
alias symbol:sym_a a
alias symbol:sym_b b
alias symbol:sym_c c
E
ours && sed -i 's/^softdep a $/softdep a pre:/' want
mv root/lib/modules/6.6.6/modules.softdep shipped
for option in -c --show-config --showconfig --showc; do
	modprobe_fake $option
	cat want indexes | is "$option" 0
done
modprobe_fake -c nosuch
cat want indexes | is "names are ignored" 0
modprobe_fake -c -a b -v
cat want indexes | is "-a is, too" 0

rm root/lib/modules/6.6.6/*.bin
modprobe_fake -c
sed 4,\$d indexes | cat want - | is "no indexes" 0

if ours; then
	mv shipped root/lib/modules/6.6.6/modules.softdep
	echo 'weakdep a b  s1' >root/lib/modules/6.6.6/modules.weakdep
	conf 'softdep b pre: s1 post: s2 pre: p1 post: p2' 'weakdep z' \
		'weakdep z  ' 'softdep zz  '
	modprobe_fake -c
	is_status "softdeps" 0
	err_has "a bad line" "ignoring bad line"
	is_out "softdeps, those of the tree behind them" <<'E'
softdep b pre: s1 p1 post: s2 p2
softdep zz pre:
softdep c pre: s1 post: s2
weakdep z 
weakdep a b s1

# End of configuration files. Dumping indexes now:

E
	# The output can be read again.
	sed '/^$/,$d' .out >again.conf
	rm root/lib/modules/6.6.6/modules.softdep
	rm root/lib/modules/6.6.6/modules.weakdep
	run_fake modprobe -d root -S 6.6.6 -C again.conf -c
	is_status "read again" 0
	sed '/^$/,$d' .out >thrice
	grep -v '^weakdep z $' again.conf >expected
	mv thrice .out
	is_out "read again" <expected

	# So are rules that kmod does not know.
	conf 'policy audit' 'mask a-b c[x-y] # why' 'allow d.ko, e.ko,f' 'allow d.ko'
	echo 'modprobe.mask="e,f*"' >proc/cmdline
	modprobe_fake -q -c
	sed '/^$/,$d' .out >again.conf
	mv again.conf .out
	is "masks" 0 <<'E'
mask a_b
mask c[x-y]
mask e
mask f*
allow d
policy audit
E
	: >proc/cmdline
fi

echo not-an-index-of-modules >root/lib/modules/6.6.6/modules.alias.bin
ours && {
	conf
	modprobe_fake -c
	is_status "a file that is no index" 0
	err_has "a file that is no index" "modules.alias.bin: not a module index"
}

# ---- -n of many steps looks at /proc/modules once, else at /sys

if ours; then
	depmod -b root 6.6.6
	rm -f root/lib/modules/6.6.6/modules.softdep
	conf 'softdep c pre: s1'
	printf '%s 4096 0 - %s 0x0\n' a Live b Loading s1 Live c Unloading \
		>proc/modules
	modprobe_fake -n d-dash
	is "what is live is left out" 0 <<E
insmod $dir/kernel/b.ko 
insmod $dir/kernel/c.ko 
insmod $dir/kernel/d-dash.ko 
E
	modprobe_fake -n s1
	is "few steps: /sys" 0 <<E
insmod $dir/kernel/s1.ko 
E
	rm proc/modules
	for name in a s1; do
		mkdir -p sys/module/$name
		echo live >sys/module/$name/initstate
	done
	modprobe_fake -n d-dash
	is "no /proc/modules: /sys" 0 <<E
insmod $dir/kernel/b.ko 
insmod $dir/kernel/c.ko 
insmod $dir/kernel/d-dash.ko 
E
fi

# ---- -c: names of all lengths, and more aliases than fit into one write

dir=$tmp/many/lib/modules/6.6.6
mkdir -p "$dir"
name=
for i in $(seq 24); do
	name=$name$((i % 10))
	key=
	set --
	for k in $(seq 40); do
		key=$key${k}y
		set -- "$@" -m "alias=many$i:$key*"
	done
	mkmodule "$@" "$dir/m$name.ko"
done
depmod -b many 6.6.6 || exit 99
conf
run_fake modprobe -d many -S 6.6.6 -C conf -c
is_status "many aliases" 0
grep '^alias many' .out >got && mv got .out
grep '^alias many' "$dir/modules.alias" | LC_ALL=C sort >want
[ "$(wc -c <want)" -gt 40000 ] || exit 99
is_out "many aliases" <want

done_testing
