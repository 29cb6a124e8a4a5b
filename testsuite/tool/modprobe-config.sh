#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-config.sh - where the configuration comes from, and the messages about
# lines that make no sense.
# shellcheck disable=SC2016 # for other shells
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
cd "$tmp" || exit 99

# means NAME MODULE TITLE ARG...: by the configuration that ARG says
means()
{
	name=$1 module=$2 title=$3
	shift 3
	run modprobe -d root -S 6.6.6 "$@" -R "$name"
	is "$title" 0 <<E
$module
E
}

# ---- directories, and which file stands for a name

mkdir one two
echo 'alias x a' >one/same.conf
echo 'alias x b' >two/same.conf
echo 'alias y b' >two/other.conf
means x a "of one name the first counts" -C one -C two
means x b "the order is ours to say" -C two -C one
means y b "others are read as well" -C one -C two
: >one/other.conf
run modprobe -d root -S 6.6.6 -C one -C two -R y
is_status "an empty file hides another" 1
rm one/other.conf
ln -s /dev/null one/other.conf
run modprobe -d root -S 6.6.6 -C one -C two -R y
is_status "a link to /dev/null does, too" 1
rm one/other.conf

mkdir one/other.conf
run modprobe -d root -S 6.6.6 -C one -C two -R y
is_status "a folder does not" 0
is_out "a folder does not" <<E
b
E
rmdir one/other.conf
ours && {
	ln -s nowhere one/other.conf
	run modprobe -d root -S 6.6.6 -C one -C two -R y
	is_status "a link to nowhere does not" 0
	rm one/other.conf
	mkfifo one/other.conf
	run modprobe -d root -S 6.6.6 -C one -C two -R y
	is_status "a FIFO does not, and is not waited for" 0
	is_err "a FIFO" <<E
modprobe: WARNING: one/other.conf: not read: not a regular file
E
	rm one/other.conf
}

mkdir names
for name in a.conf .b.conf c.conf~ d .conf e.CONF; do
	echo "alias ${name%.*}-x a" >"names/$name"
done
means a-x a "only *.conf" -C names
for name in .b-x c-x d-x -x e-x; do
	run modprobe -d root -S 6.6.6 -C names -R -- "$name"
	is_status "only *.conf, not $name" 1
done
echo 'alias f-x a' >names/f.alias
run modprobe -d root -S 6.6.6 -C names -R f-x
ours && is_status "nor *.alias" 1
means d-x a "a file by its own name" -C names/d

mkdir order
echo 'options a from=b' >order/b.conf
echo 'options a from=10' >order/10.conf
echo 'options a from=Z' >order/Z.conf
run modprobe -d root -S 6.6.6 -C order -D a
is "files by name, in the order of bytes" 0 <<E
insmod $tmp/root/lib/modules/6.6.6/kernel/a.ko from=10 from=Z from=b 
E

# ---- lines

cat >conf/test.conf <<'E'
alias joined \
	a
# a comment \
alias swallowed a
al\ias escaped a
options	tabs x=1	y=2
softdep p1 post: s1 pre: a nosuch
alias [a-c]-x-y p1
E
printf 'alias last p2' >>conf/test.conf
means joined a "lines are joined" -C conf
means escaped a "a backslash falls away" -C conf
means last p2 "the last line needs no end" -C conf
means b-x-y p1 "brackets" -C conf
modprobe -R swallowed
is_status "a comment goes on, too" 1
modprobe -D p1
is "softdeps, an unknown one left out" 0 <<E
insmod $dir/kernel/a.ko 
insmod $dir/kernel/p1.ko 
insmod $dir/kernel/s1.ko 
E
ours || done_testing

conf 'alias x' 'foo bar' 'options a ' 'alias q[z a' '  # text' 'include x' \
	'alias good a' "$(head -c 100000 /dev/zero | tr '\0' w) x"
modprobe -R good
is_status "bad lines change nothing" 0
is_out "bad lines change nothing" <<'E'
a
E
file=$tmp/conf/test.conf
is_err "bad lines are told" <<E
modprobe: WARNING: $file line 1: ignoring bad line starting with 'alias'
modprobe: WARNING: $file line 2: ignoring bad line starting with 'foo'
modprobe: WARNING: $file line 3: ignoring bad line starting with 'options'
modprobe: WARNING: $file line 4: ignoring bad line starting with 'alias'
modprobe: WARNING: $file line 5: ignoring bad line starting with '#'
modprobe: WARNING: $file line 6: command include is deprecated and not parsed anymore
modprobe: WARNING: $file line 8: ignoring bad line starting with '$(printf '%064d' 0 | tr 0 w)...'
E
{
	echo "options a $(seq -s , 200000)" # 1.3 MB
	echo 'alias good a'
} >conf/test.conf
modprobe -R good
is_status "a megabyte in a line" 0
is_out "a megabyte in a line" <<'E'
a
E
is_err "a megabyte in a line" <<E
modprobe: WARNING: $file line 1: 1288905 bytes in the line starting with 'options'
E
truncate -s 65M conf/test.conf
modprobe -R a
is_err "a file of 65 MB" <<E
modprobe: WARNING: $file: not read: larger than 64 MiB
E
conf 'foo bar' 'alias good a'
modprobe -q -R good
is "but not with -q" 0 <<'E'
a
E
printf 'alias x a\r\noptions a o=1\r\n' >conf/test.conf
means x a "CR LF" -C conf
rm conf/test.conf
mkdir conf/dir.conf
modprobe -R a
err_has "a folder in the folder" \
	"Directories inside directories are not supported: $tmp/conf/dir.conf"
rmdir conf/dir.conf
conf ''

# What a tree ships has softdeps, and no other lines count there.
cp "$dir/modules.softdep" shipped
printf '%s\n' 'install p1 touch made' 'alias x p1' 'options p1 o=1' \
	'mask p1' 'softdep p1 pre: s1' >>"$dir/modules.softdep"
modprobe -D p1
is "modules.softdep is no configuration" 0 <<E
insmod $dir/kernel/s1.ko 
insmod $dir/kernel/p1.ko 
E
modprobe -R x
is_status "modules.softdep is no configuration" 1
cp shipped "$dir/modules.softdep"
echo 'options p1 o=1' >modules.softdep
run modprobe -d root -S 6.6.6 -C modules.softdep -D p1
is "a user's file of that name is" 0 <<E
insmod $dir/kernel/p1.ko o=1 
E

# A file that this user may not read.  An emulated program does not run as a copy,
# and one with coverage would report that this user may not write its counts.
if [ -z "${emulator:-}${coverage:-}" ] && [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 .
	mkdir own
	cp "$KMOD_DIR/modprobe" own
	echo 'alias x a' >conf/hidden.conf
	chmod 0 conf/hidden.conf
	ran="modprobe -R a, as nobody"
	setpriv --reuid=65534 --regid=65534 --clear-groups own/modprobe \
		-d root -S 6.6.6 -C conf -R a >.out 2>.err
	status=$?
	if [ "$status" = 0 ]; then
		is_out "a file that this user may not read" <<E
a
E
		is_err "a file that this user may not read" <<E
modprobe: WARNING: conf/hidden.conf: not read: Permission denied
E
	else
		err_has "no way there for this user" "ermission denied"
	fi
	rm conf/hidden.conf
fi

# A module that is a FIFO: nobody waits for somebody who writes.
mkfifo fifo.ko
ran="modprobe ./fifo.ko"
timeout 20 "$KMOD_DIR/modprobe" -d root -S 6.6.6 -C conf ./fifo.ko 2>.err
status=$?
is_status "a FIFO" 1
err_has "a FIFO" "could not insert 'fifo'"

# ---- the kernel command line, and the directories of the system

fake_kernel
echo 'quiet p1.o=1 "p1.s=a b" modprobe.blacklist=p2,d-dash -- p1.no=1' \
	>proc/cmdline
modprobe_fake -D p1 x
is "parameters" 0 <<E
insmod $dir/kernel/p1.ko o=1 s="a b" x
E
modprobe_fake -D my-alias-d
is "blacklisted there" 0 </dev/null
{ head -c 10000 /dev/zero | tr '\0' x && echo ' p1.far=1'; } >proc/cmdline
modprobe_fake -D p1
is "a long one" 0 <<E
insmod $dir/kernel/p1.ko far=1 
E
mkdir -p lib/modprobe.d
echo 'options p1 usr-lib=1' >lib/modprobe.d/zz.conf
run_fake modprobe -d "$tmp/root" -S 6.6.6 -D p1
out_has "/usr/lib/modprobe.d" usr-lib=1
check "/usr/lib/modprobe.d, once" test "$(grep -o usr-lib .out | wc -l)" = 1

done_testing
