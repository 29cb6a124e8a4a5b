#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-policy.sh - what a rule forbids is not loaded, by whatever way.
# shellcheck disable=SC2016 # for other shells
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
ours || skip "kmod has no such rules"
need_strace
fake_kernel
mkdir -p "$tmp/sys/module"
cd "$tmp" || exit 99
file=$tmp/conf/test.conf
a=$dir/kernel/a.ko
b=$dir/kernel/b.ko

# kernel_takes MODPROBE-ARG...: the kernel takes all modules, syslog all lines
kernel_takes()
{
	tracer="strace -f -qq -s 500 -o $tmp/.calls -e signal=none"
	tracer="$tracer -e trace=finit_module,init_module,connect,sendto"
	tracer="$tracer -e inject=finit_module,init_module:retval=0"
	tracer="$tracer -e inject=connect,sendto:retval=0"
	modprobe_fake "$@"
}

# The last run gave nothing to the kernel.
loads_nothing()
{
	check "$1: nothing is loaded" sh -c '! grep -q init_module .calls'
}

# A 32-bit libc sends by socketcall(2), which is not to be answered by strace.
wide=$(head -c 5 "$KMOD_DIR/modprobe" | tail -c 1 | od -An -tu1 | tr -d ' ')

# logged TITLE: what went to syslog, without the time and, with musl, the newline
logged()
{
	cat >.want
	[ "$wide" = 2 ] || return 0
	sed -n 's/.*sendto([0-9]*, "<29>[A-Z].. .. ..:..:.. \(.*\)", [0-9]*, .*/\1/p' \
		.calls | sed 's/\\n$//' >.logged
	same "$1" syslog .logged
}

# refuses TITLE MODPROBE-ARG...: exit 1, and these messages
refuses()
{
	title=$1
	shift
	kernel_takes "$@"
	says "$title" 1
	loads_nothing "$title"
}

live()
{
	rm -rf sys/module
	mkdir sys/module
	for name; do
		mkdir "sys/module/$name"
		echo live >"sys/module/$name/initstate"
	done
}

# ---- mask: by which ways

conf 'mask d-dash s_1.ko p1 # and no more'
masked="modprobe: ERROR: d_dash is masked ($file:1)"
for name in d-dash d_dash my-alias-d char-x-7; do
	refuses "by $name" "$name" <<E
$masked
E
	refuses "by $name, as the kernel asks" -q -- "$name" </dev/null
	refuses "by $name, what it would do" -n "$name" <<E
$masked
E
	refuses "by $name, with its dependencies" -D "$name" <<E
$masked
E
	refuses "by $name, without commands" -i "$name" <<E
$masked
E
done
refuses "by its path" "./root/lib/modules/6.6.6/kernel/d-dash.ko" <<E
$masked
E
modprobe -R my-alias-d
is "what a name means is no matter of masks" 0 <<'E'
d_dash
E
kernel_takes -v -a p2 d-dash s1
is_status "-a" 1
is_out "-a goes on" <<E
insmod $dir/kernel/p2.ko 
insmod $dir/kernel/s1.ko 
E
is_err "-a" <<E
$masked
E
kernel_takes -v multi
is_status "one of two is masked" 0
is_out "one of two is masked" <<E
insmod $dir/kernel/p2.ko 
E
kernel_takes -r d-dash
is "it may be unloaded" 0 </dev/null

conf 'mask a'
refuses "by a symbol" symbol:sym_a <<E
modprobe: ERROR: a is masked ($file:1)
E
refuses "a dependency" -v d-dash <<E
modprobe: ERROR: d_dash needs a: a is masked ($file:1)
modprobe: ERROR: could not insert 'd_dash': Operation not permitted
E
live a
kernel_takes -v b
is "a dependency that is there all the same" 0 <<E
insmod $b 
E
kernel_takes a
is "it is there already" 0 </dev/null
refuses "but not for -D" -D b <<E
modprobe: ERROR: b needs a: a is masked ($file:1)
modprobe: ERROR: could not insert 'b': Operation not permitted
E
live
kernel_takes -v --ignore-mask b
is "--ignore-mask" 0 <<E
insmod $a 
insmod $b 
E
conf 'mask a' 'alias b a' 'alias x-* a' 'softdep p1 pre: s1 x-1 a s2 post: c' \
	'softdep s1 pre: a post: s2 x-2' 'blacklist a'
masked="modprobe: ERROR: a is masked ($file:1)"
refuses "an alias of the configuration" b <<E
$masked
E
refuses "a pattern of the configuration" x-9 <<E
$masked
E
kernel_takes -v p1
is "softdeps, and theirs, and what they depend on" 0 <<E
insmod $dir/kernel/s1.ko 
insmod $dir/kernel/p1.ko 
E
kernel_takes -vvv p1
err_has "what is left out is told" \
	"softdep s2 is left out: a is masked ($file:1)"

# The name inside a file, whatever the file is called.
mkmodule -m name=a -m license=GPL other.ko
refuses "a file with the name inside" ./other.ko <<E
modprobe: ERROR: other is masked ($file:1)
E
cp "$a" a.x.ko
refuses "a name ends at its dot" ./a.x.ko <<E
$masked
E

head -c 200 "$a" >cut.ko
kernel_takes ./cut.ko
is_status "a file that cannot be read" 1
loads_nothing "a file that cannot be read"

# One that becomes another between the judgement and the load.
mkmodule -m name=fine -m license=GPL fine.ko
conf 'mask a' 'softdep fine pre: swap' 'install swap cp other.ko fine.ko'
kernel_takes ./fine.ko
says "a file that changes" 1 <<E
modprobe: ERROR: $tmp/./fine.ko: changed since it was judged
modprobe: ERROR: could not insert 'fine': Stale file handle
E
loads_nothing "a file that changes"
conf 'softdep fine pre: swap' 'install swap cp other.ko fine.ko'
mkmodule -m name=fine -m license=GPL fine.ko
kernel_takes ./fine.ko
is "without rules nobody minds" 0 </dev/null

# A limit of the caller does not open what rules close.
conf 'mask a'
echo modprobe.mask=p1 >proc/cmdline
for error in EMFILE ENFILE ENOMEM; do
	while read -r module place; do
		tracer="strace -f -qq -o $tmp/.calls -e signal=none -P $place"
		tracer="$tracer -e trace=openat -e inject=openat:error=$error"
		modprobe_fake -n "$module"
		is_status "$error at $place" 1
		is_out "$error at $place" </dev/null
		err_has "$error at $place" "$place: not read: "
		modprobe_fake -a -n s1 "$module"
		is_status "$error at $place, the second name" 1
		is_out "$error at $place, the second name" </dev/null
		tracer="$tracer:when=1"
		modprobe_fake -a -n s1 "$module" s1
		is_status "$error at $place, once" 1
		err_has "$error at $place, once" "$module is masked ("
		is_out "$error at $place, once" <<-S
			insmod $dir/kernel/s1.ko 
		S
	done <<-E
		a $tmp/conf
		a $file
		p1 /proc/cmdline
	E
done
: >proc/cmdline
conf 'mask a' 'alias b a' 'alias x-* a' 'softdep p1 pre: s1 x-1 a s2 post: c' \
	'softdep s1 pre: a post: s2 x-2' 'blacklist a'

# Many at the same time, and those of modules-load.d.
kernel_takes -a -q --jobs=3 p2 d-dash a s2
is_status "--jobs" 1
check "--jobs: one is loaded" test "$(grep -c init_module .calls)" = 1
logged "--jobs" <<E
modprobe: NOTICE: policy: d_dash needs a: a is masked ($file:1); asked for: d-dash
modprobe: NOTICE: policy: a is masked ($file:1); asked for: a
modprobe: NOTICE: policy: s2 needs a: a is masked ($file:1); asked for: s2
E
printf '%s\n' p2 my-alias-d "$dir/kernel/a.ko" >list.conf
kernel_takes -q --modules-load=list.conf
is_status "--modules-load" 1
check "--modules-load: one is loaded" test "$(grep -c init_module .calls)" = 1

# ---- mask and commands

again="$KMOD_DIR/modprobe"
conf 'mask a' 'install a echo never' 'install virt echo "$MODPROBE_MODULE"' \
	"install p1 $again a" "install p2 $again -i a" \
	"install s1 $again --ignore-mask a" 'mask virt'
masked="modprobe: ERROR: a is masked ($file:1)"
refuses "its own command does not run" a <<E
$masked
E
refuses "nor that of a name which is only a command" virt <<E
modprobe: ERROR: virt is masked ($file:7)
E
for name in p1 p2; do
	kernel_takes $name
	is_status "a command that loads it" 1
	err_has "a command that loads it" "$masked"
	loads_nothing "a command that loads it"
	kernel_takes --ignore-mask $name
	is_status "--ignore-mask is for one call" 1
	loads_nothing "--ignore-mask is for one call"
done
kernel_takes s1
is_status "a command may say so itself" 0
MODPROBE_OPTIONS=--ignore-mask
export MODPROBE_OPTIONS
kernel_takes a
unset MODPROBE_OPTIONS
is_status "--ignore-mask by the environment" 1
is_err "--ignore-mask by the environment" <<E
modprobe: ERROR: --ignore-mask in MODPROBE_OPTIONS is ignored
$masked
E

# ---- how masks are written

cat >conf/test.conf <<'E'
mask
mask # nothing
mask a,b "p2" s1/x [q s[2] s1.ko,a.ko s1.ko/x
policy
policy allowlisted
mask	p[!2].ko.xz	b\
-x
E
printf 'mask c\r\n' >>conf/test.conf
kernel_takes -D p2
is_status "bad lines" 0
is_err "bad lines" <<E
modprobe: WARNING: $file line 1: ignoring bad line starting with 'mask'
modprobe: WARNING: $file line 2: ignoring bad line starting with 'mask'
modprobe: WARNING: $file line 3: no module can be called 'a,b'
modprobe: WARNING: $file line 3: no module can be called '"p2"'
modprobe: WARNING: $file line 3: no module can be called 's1/x'
modprobe: WARNING: $file line 3: no module can be called '[q'
modprobe: WARNING: $file line 3: no module can be called 's1.ko,a.ko'
modprobe: WARNING: $file line 3: no module can be called 's1.ko/x'
modprobe: WARNING: $file line 4: ignoring bad line starting with 'policy'
modprobe: WARNING: $file line 5: ignoring bad line starting with 'policy'
E
for name in s2 p1 c; do
	kernel_takes -q $name
	is_status "$name is masked" 1
	loads_nothing "$name is masked"
done
kernel_takes -q s1
is_status "s1 is not" 0

# ---- the kernel command line

conf ''
echo 'x modprobe.mask=b,d-dash,, "modprobe.mask=s1,p*" -- modprobe.mask=a' \
	>proc/cmdline
for name in b my-alias-d s1 p1 multi; do
	kernel_takes -q -C /dev/null $name
	is_status "$name is masked there" 1
	loads_nothing "$name is masked there"
done
refuses "the kernel command line" c <<E
modprobe: ERROR: c needs b: b is masked (kernel command line)
modprobe: ERROR: could not insert 'c': Operation not permitted
E
kernel_takes -v a
is "what is behind -- is not for us" 0 <<E
insmod $a 
E
kernel_takes --ignore-mask -q b
is_status "--ignore-mask" 0
: >proc/cmdline

# ---- install lines

conf '' 'install a /bin/false' 'install p1 exit 3' 'install p2 test x = y' \
	'softdep s1 pre: a'
refuses "a dependency is forbidden" b <<E
modprobe: ERROR: Error running install command '/bin/false' for module a: retcode 1
modprobe: ERROR: b needs a, which is forbidden by an install line ($file:2)
modprobe: ERROR: could not insert 'b': Invalid argument
E
refuses "it is forbidden itself" p1 <<E
modprobe: ERROR: Error running install command 'exit 3' for module p1: retcode 3
modprobe: ERROR: p1 is forbidden by an install line ($file:3)
modprobe: ERROR: could not insert 'p1': Invalid argument
E
refuses "a command fails" p2 <<E
modprobe: ERROR: Error running install command 'test x = y' for module p2: retcode 1
modprobe: ERROR: p2 has an install command that failed ($file:4)
modprobe: ERROR: could not insert 'p2': Invalid argument
E
kernel_takes -v s1
is "a softdep is forbidden" 0 <<E
install /bin/false 
insmod $dir/kernel/s1.ko 
E

# ---- softdeps of the tree

conf 'softdep c pre:'
kernel_takes -v -D c
is "an empty line clears what the module brings" 0 <<E
insmod $a 
insmod $b 
insmod $dir/kernel/c.ko 
E

# ---- the allow list

conf 'policy audit' 'policy allow-listed' 'allow c s[2]' 'allow virt' \
	'install virt true' 'alias bi2 bi' 'mask p1' 'allow p1'
refuses "not on the list" a <<E
modprobe: ERROR: a is not allowed ($file:2)
E
logged "it is logged" <<E
modprobe: NOTICE: policy: a is not allowed ($file:2); asked for: a
E
refuses "by an alias" -q -- my-alias-d </dev/null
logged "with the alias that asked, though -q" <<E
modprobe: NOTICE: policy: d_dash is not allowed ($file:2); asked for: my-alias-d
E
kernel_takes -n -q a
logged "not when nothing was to be loaded" </dev/null
kernel_takes -v c
is "with what it depends on, not with other softdeps" 0 <<E
insmod $a 
insmod $b 
insmod $dir/kernel/c.ko 
insmod $dir/kernel/s2.ko 
E
kernel_takes virt
is "a name that is only a command" 0 </dev/null
for name in bi bi2 bi-alias; do
	kernel_takes $name
	is "what is built in" 0 </dev/null
done
refuses "a mask goes before" p1 <<E
modprobe: ERROR: p1 is masked ($file:7)
E
refuses "--ignore-mask is about masks" --ignore-mask a <<E
modprobe: ERROR: a is not allowed ($file:2)
E
mkmodule -m name=evil -m license=GPL c.ko
refuses "both names of a file must be on the list" ./c.ko <<E
modprobe: ERROR: c is not allowed ($file:2)
E

conf 'policy audit' 'allow c' 'mask p1'
kernel_takes -v c
is_status "audit" 0
is_out "all load" <<E
insmod $a 
insmod $b 
insmod $dir/kernel/s1.ko 
insmod $dir/kernel/c.ko 
insmod $dir/kernel/s2.ko 
E
logged "what would not is logged" <<E
modprobe: NOTICE: policy: s1 would not be allowed ($file:1); softdep of c, asked for: c
modprobe: NOTICE: policy: s2 would not be allowed ($file:1); softdep of c, asked for: c
E
kernel_takes -q -- "char-$(printf 'x\n\033')-7"
is "the kernel asks" 0 </dev/null
logged "what it asked for, made harmless" <<E
modprobe: NOTICE: policy: s1 would not be allowed ($file:1); softdep of c, asked for: char-x??-7
modprobe: NOTICE: policy: s2 would not be allowed ($file:1); softdep of c, asked for: char-x??-7
modprobe: NOTICE: policy: d_dash would not be allowed ($file:1); asked for: char-x??-7
E
kernel_takes -D b
logged "not with -D" </dev/null
live b
kernel_takes b
logged "not when it is loaded" </dev/null
live
refuses "masks hold" p1 <<E
modprobe: ERROR: p1 is masked ($file:3)
E

# Without a policy line there is no list.
conf 'allow c'
kernel_takes -v a
is "no policy" 0 <<E
insmod $a 
E
logged "no policy" </dev/null

done_testing
