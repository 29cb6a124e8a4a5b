#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-insert.sh - the calls of modprobe to the kernel, and its messages when
# the kernel says no.
# shellcheck disable=SC2016 # for other shells
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
need_strace
fake_kernel
cd "$tmp" || exit 99
conf ""

# live NAME...: these are loaded, and nothing else.
live()
{
	rm -rf sys/module
	mkdir sys/module
	for name; do
		mkdir "sys/module/$name"
		echo live >"sys/module/$name/initstate"
	done
}

# kernel_takes ERROR MODPROBE-ARG...
kernel_takes()
{
	kernel_says finit_module,init_module "$1"
	shift
	modprobe_fake "$@"
}

# inserts TITLE: one line of standard input for each call: file, options
inserts()
{
	sed -n 's/.*init_module(\([0-9]*\), "\(.*\)", \(.*\)) *=.*/\2|\3/p' \
		.calls >.made
	cat >.want
	same "$1" "options|flags" .made
}

a=$dir/kernel/a.ko
b=$dir/kernel/b.ko

# ---- dependencies, softdeps, parameters

live
kernel_takes 0 -v b x=1 'y=2 3' 'z="4 5"' w
is "dependencies first, parameters for the module alone" 0 <<E
insmod $a 
insmod $b x=1 y="2 3" z="4 5" w
E
inserts "dependencies" <<'E'
|0
x=1 y=\"2 3\" z=\"4 5\" w|0
E
modprobe -D b a=1 'b="x y"' "c='x y'" 'd=x y=z' 'e f' '' 'g=' -- i -z
is "how parameters are joined" 0 <<E
insmod $a 
insmod $b a=1 b="x y" c='x y' d="x y=z" e f  g= i -z
E
ours && {
	modprobe -D a 'p=a "b'
	is "a quote within a value" 0 <<E
insmod $a p=a "b
E
}
live a
kernel_takes 0 -v b
is "what is loaded is not loaded again" 0 <<E
insmod $b 
E
modprobe_fake -D b
is "-D does not look" 0 <<E
insmod $a 
insmod $b 
E
live a b
kernel_takes 0 -v b
is "all is loaded" 0 </dev/null
inserts "all is loaded" </dev/null
kernel_takes 0 --first-time b
says "--first-time" 1 <<'E'
modprobe: ERROR: could not insert 'b': Module already in kernel
E
kernel_takes 0 -n -v --first-time b
says "as sensors-detect asks" 1 <<'E'
modprobe: ERROR: could not insert 'b': Module already in kernel
E
live
kernel_takes EEXIST b
is "somebody else was quicker" 0 </dev/null
kernel_takes 0 -v bi
is "built in" 0 </dev/null
modprobe -D bi
is "built in" 0 <<'E'
builtin bi
E
kernel_takes 0 -f a
inserts "-f" <<'E'
|MODULE_INIT_IGNORE_MODVERSIONS|MODULE_INIT_IGNORE_VERMAGIC
E
kernel_takes 0 --force-vermagic a
inserts "--force-vermagic" <<'E'
|MODULE_INIT_IGNORE_VERMAGIC
E
kernel_takes 0 --force-modversion a
inserts "--force-modversion" <<'E'
|MODULE_INIT_IGNORE_MODVERSIONS
E

# ---- what the kernel says

while read -r error text; do
	live
	kernel_takes "$error" a
	says "$error" 1 <<E
modprobe: ERROR: could not insert 'a': $text
E
done <<'E'
ENOENT Unknown symbol in module, or unknown parameter (see dmesg)
ENOEXEC Exec format error
EINVAL Invalid argument
EPERM Operation not permitted
ENODEV No such device
EBADMSG Bad message
ENOMEM Cannot allocate memory
EBUSY Device or resource busy
E
live
kernel_takes EKEYREJECTED b
is_status "a dependency without a signature" 1
err_has "a dependency without a signature" \
	"could not insert 'b': Key was rejected by service"
ours && err_has "it is named" "a.ko has no signature, and the kernel loads only"
kernel_takes EKEYREJECTED -q b
is "without a signature, -q" 1 </dev/null
kernel_takes ENODEV -q a
is "-q" 1 </dev/null
kernel_takes ENODEV b
is_status "a dependency fails" 1
err_has "a dependency fails" "could not insert 'b': No such device"
ours && err_has "its name is told" "a.ko"
inserts "and ends the plan" <<'E'
|0
E

# ---- what names mean

modprobe -R my-alias-d
is "an alias, with - for _" 0 <<'E'
d_dash
E
for name in a.ko ./x/../a dir/a.ko ../a.ko 'my-alias-*' '*'; do
	modprobe -R "$name"
	is_status "$name is no name" 1
done
conf 'alias my* s1' 'alias off off' 'alias chain1 chain2' 'alias chain2 a'
modprobe -R my-alias-d
is "an alias of the configuration comes first" 0 <<'E'
s1
E
modprobe -D chain1
is "aliases are no chains" 0 </dev/null
kernel_takes 0 chain1
is_status "an alias to nothing" 1
is_out "an alias to nothing" </dev/null
ours && {
	err_has "an alias to nothing" "could not find module by name='chain2'"
	err_has "an alias to nothing" "could not insert 'chain2': No such module"
}
conf ""
kernel_takes 0 -v multi
is_status "an alias of two" 0
out_has "an alias of two" p1.ko
out_has "an alias of two" p2.ko

conf 'blacklist p1' 'blacklist a'
kernel_takes 0 -v multi
is "a blacklist stops an alias, in silence" 0 <<E
insmod $dir/kernel/p2.ko 
E
modprobe -R multi
is_status "-R does not care" 0
out_has "-R does not care" p1
kernel_takes 0 -v b
out_has "nor do dependencies" a.ko
kernel_takes 0 -v a
out_has "nor does a name" a.ko
kernel_takes 0 -v -b a
is "but with -b" 0 </dev/null
live a
kernel_takes 0 -b --first-time a
is_status "loaded counts before blacklisted" 1
live

# ---- softdeps and commands

conf ""
modprobe -D c
ours && is "softdeps around the module" 0 <<E
insmod $a 
insmod $b 
insmod $dir/kernel/s1.ko 
insmod $dir/kernel/c.ko 
insmod $dir/kernel/s2.ko 
E
modprobe -D -i c
is "-i leaves them out" 0 <<E
insmod $a 
insmod $b 
insmod $dir/kernel/c.ko 
E
conf 'options a o=1' 'install virt echo "[$CMDLINE_OPTS]"' \
	'options virt v=2' 'install s1 echo $MODPROBE_MODULE' \
	'install s2 false' 'install p1 exit 3'
modprobe -D a x
is "options of the configuration" 0 <<E
insmod $a o=1 x
E
modprobe -D b
is "a blank behind them" 0 <<E
insmod $a o=1 
insmod $b 
E
kernel_takes 0 virt x=1
is "a command, and its options" 0 <<'E'
[v=2 x=1]
E
kernel_takes 0 -v virt x=1
is_status "a command, shown" 0
ours && is_out "a command, shown before it runs" <<'E'
install echo "[$CMDLINE_OPTS]" v=2 x=1
[v=2 x=1]
E
kernel_takes 0 s1
is "its module" 0 <<'E'
s1
E
kernel_takes 0 -i -v s1
is "-i" 0 <<E
insmod $dir/kernel/s1.ko 
E
kernel_takes 0 p1
is_status "a command fails" 1
err_has "a command fails" \
	"Error running install command 'exit 3' for module p1: retcode 3"
err_has "a command fails" "could not insert 'p1': Invalid argument"
ours || done_testing

kernel_takes 0 -v c
is_status "a softdep may fail" 0
is_out "a module with softdeps, and theirs with commands" <<E
insmod $a o=1 
insmod $b 
install echo \$MODPROBE_MODULE 
s1
insmod $dir/kernel/c.ko 
install false 
E
conf 'softdep p1 pre: a' 'install p1 /bin/false' 'install p2 kill -9 $$' \
	'install bad echo "$CMDLINE_OPTS"'
kernel_takes 0 -v p1
is_status "an install line holds for a module with softdeps" 1
is_out "an install line holds" <<E
insmod $a 
install /bin/false 
E
kernel_takes 0 p2
is_status "a command that is killed" 1
err_has "a command that is killed" "killed by signal 9"
kernel_takes 0 bad 'x=$(echo no);`echo no`' 'y=$CMDLINE_OPTS'
is "a parameter is no command" 0 <<'E'
x="$(echo no);`echo no`" y=$CMDLINE_OPTS
E

# One of several is enough.
conf 'alias any p1' 'alias any a' 'alias any p2' 'install p1 false' \
	'install p2 false' 'alias none p1' 'alias none p2'
kernel_takes 0 any
is_status "one of three could be loaded" 0
kernel_takes 0 none
is_status "none of two" 1

# ---- files

conf 'options s1 o=1'
cp "$dir/kernel/s1.ko" s1.ko
kernel_takes 0 -v ./s1.ko p
is "a path" 0 <<E
insmod $tmp/./s1.ko o=1 p
E
kernel_takes 0 -v "$tmp/s1.ko"
is "a path from /" 0 <<E
insmod $tmp/s1.ko o=1 
E
modprobe -R ./s1.ko
is "its name" 0 <<'E'
s1
E
modprobe -D ./root/lib/modules/6.6.6/kernel/b.ko
is "it has its dependencies" 0 <<E
insmod $a 
insmod $tmp/./root/lib/modules/6.6.6/kernel/b.ko 
E
conf 'softdep b pre: c' 'softdep c pre: s1'
cp "$b" b.ko
kernel_takes 0 -v ./b.ko x=1
is "also for a softdep that needs it" 0 <<E
insmod $a 
insmod $tmp/./b.ko x=1
insmod $dir/kernel/s1.ko 
insmod $dir/kernel/c.ko 
E
conf 'options s1 o=1'
modprobe ./nosuch.ko
says "no file" 1 <<'E'
modprobe: FATAL: Failed to get module from path ./nosuch.ko: No such file or directory
E
modprobe -v -q -q -v -v -- "$tmp/s1.ko"
says "the kernel never means a path" 1 <<E
modprobe: FATAL: Module $tmp/s1.ko not found in directory $dir
E
modprobe -q -n ./s1.ko -- x
is "it stands behind --" 0 <<E
insmod $tmp/./s1.ko o=1 x
E

rm "$a"
modprobe -D b
is "a missing file is shown" 0 <<E
insmod $a 
insmod $b 
E
kernel_takes 0 b
says "a missing file is named" 1 <<E
modprobe: ERROR: $a: No such file or directory
modprobe: ERROR: could not insert 'b': No such file or directory
E
head -c 100 "$b" >s1.ko
kernel_takes ENOEXEC ./s1.ko
is_status "a cut file" 1
err_has "a cut file" "could not insert 's1': Exec format error"

done_testing
