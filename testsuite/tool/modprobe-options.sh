#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-options.sh - the command line of modprobe, and $MODPROBE_OPTIONS.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
cd "$tmp" || exit 99
conf ""

for quiet in '' -q; do
	# shellcheck disable=SC2086 # none or one
	run modprobe $quiet
	says "no name" 1 <<E
modprobe: ERROR: missing parameters. See -h.
E
done
for option in -l -x --bogus; do
	run modprobe $option a
	is_status "$option is none of ours" 1
done
run modprobe --bogus a
says "in the words of the C library" 1 <<E
$KMOD_DIR/modprobe: unrecognized option '--bogus'
E
run modprobe -x a
says "in the words of the C library" 1 <<E
$KMOD_DIR/modprobe: invalid option -- 'x'
E
run modprobe -V --bogus
is_status "what follows -V is not read" 0
run modprobe --bogus -V
is_status "what precedes it is" 1
run modprobe --help
is_status "help" 0
out_has "help" "--show-depends"

# ---- several spellings

a="insmod $dir/kernel/a.ko "
shows()
{
	title=$1
	shift
	modprobe "$@"
	is "$title" 0 <<E
$a
E
}
for option in -D --show-depends --show-dep; do
	shows "$option" $option a
done
# Every beginning of a long one that means one thing in kmod.
while read -r operand word rest; do
	for tail in '' $rest; do
		word=$word$tail
		# shellcheck disable=SC2086 # none or one
		shows "--$word" -D a "--$word" ${operand#-}
	done
done <<'E'
- al l
- u s e - b l a c k l i s t
- i g n o r e - i n s t a l l
- ignore-r e m o v e
- fi r s t - t i m e
- show-d e p e n d s
- force
- force-m o d v e r s i o n
- force-v e r m a g i c
conf c o n f i g
root di r n a m e
6.6.6 se t - v e r s i o n
E
shows "options behind names" a -D
shows "twice the same" -D -D -a a -a
shows "-n -v" -n -v a
shows "--dry-run -v" --dry-run --verbose a
shows "--" -D -- a
ours && {
	shows "-n" -n a
	shows "--show" --show a
	shows "-q does not hide them" -q -n a
}
modprobe a -x=1
is_status "a parameter that begins with a dash" 1
modprobe -D a -- -x=1
is "behind -- it is one" 0 <<E
${a}-x=1
E
POSIXLY_CORRECT=1
export POSIXLY_CORRECT
modprobe -D a -v
[ "${libc:-glibc}" != glibc ] || # others do not know it
	is "POSIXLY_CORRECT ends options at the first name" 0 <<E
${a}-v
E
unset POSIXLY_CORRECT

means()
{
	title=$1
	shift
	modprobe "$@"
	is "$title" 0 <<E
a
E
}
for option in -R --resolve-alias; do
	means $option $option a
done
ours && means --show-alias --show-alias a
means "-R -D: a question" -R -D a

# ---- where

for root in "$tmp/root" root ./root root/ root/../root; do
	case $root in
	/*) front=$root ;;
	*) front=$tmp/$root ;;
	esac
	run modprobe -C conf -d "$root" -S 6.6.6 -D a
	is "-d $root" 0 <<E
insmod $front/lib/modules/6.6.6/kernel/a.ko 
E
done
run modprobe -C conf --dirname=root --set-version 6.6.7 a
says "-S" 1 <<E
modprobe: FATAL: Module a not found in directory $tmp/root/lib/modules/6.6.7
E
run modprobe -C conf -d '' -S 6.6.6 a
says "-d ''" 1 <<E
modprobe: FATAL: Module a not found in directory /lib/modules/6.6.6
E
far=$(printf '%05000d' 0)
run modprobe -C conf -d "$far" -S 6.6.6 -R a
ours && says "-d, too long" 1 <<E
modprobe: FATAL: bad directory $far/lib/modules/6.6.6: path too long
E
run modprobe -C nosuch -d root -S 6.6.6 -R a
is_status "-C with nothing there" 0
echo 'alias x a' >one
echo 'alias y a' >two
for name in x y; do
	run modprobe -C one -C two -d root -S 6.6.6 -R $name
	is "several -C" 0 <<E
a
E
done

# ---- how much is said

loud()
{
	title=$1
	shift
	modprobe "$@" nosuch
	is_status "$title" 1
	is_err "$title" <<E
modprobe: FATAL: Module nosuch not found in directory $dir
E
}
silent()
{
	title=$1
	shift
	modprobe "$@" nosuch
	is_status "$title" 1
	is_err "$title" </dev/null
}
loud "no -q"
silent -q -q
silent "-q -v: one more than nothing" -q -v
loud "-q -v -v: FATAL and no more" -q -v -v
silent "-v -q: in order" -v -q
modprobe -a nosuch
says "with -a it is a warning" 1 <<E
modprobe: WARNING: Module nosuch not found in directory $dir
E
modprobe -a -R nosuch a nosuch2 bi
is_status "-a goes on" 1
is_out "-a goes on" <<E
a
bi
E

# ---- MODPROBE_OPTIONS

MODPROBE_OPTIONS=-q
export MODPROBE_OPTIONS
silent "from the environment"
MODPROBE_OPTIONS='-D a'
modprobe x=1
is "even the name" 0 <<E
${a}x=1
E
MODPROBE_OPTIONS="--show-depends --config='$tmp/conf'"
shows "quotes in it" a
if ours; then
	MODPROBE_OPTIONS="  -D	-C '$tmp/two' "
	shows "blanks, tabs and quotes around words" y
	MODPROBE_OPTIONS="-D -C \"$tmp/\"two"
	shows "quotes within words" y
	MODPROBE_OPTIONS="-D -C $tmp/t\\wo 'y"
	shows "a quote without an end"
	MODPROBE_OPTIONS=
	shows "empty" -D a
fi
unset MODPROBE_OPTIONS
ours || done_testing

# ---- options that exclude each other, and invalid numbers

for pair in '-R -r' '-r --show-alias' '--show-exports -r' \
	'--remove-holders -R' '--show-modversions --show-exports'; do
	# shellcheck disable=SC2086 # words
	modprobe $pair a
	is_status "$pair" 1
	err_has "$pair" 'exclude each other'
	is_out "$pair" </dev/null
done
for option in --remove-dependencies --remove-holders; do
	modprobe -n $option -r a
	is_status "$option with -r" 0
done
for number in '' -1 +1 0x10 1x ' 1' 1.5 99999999999999999999999; do
	run modprobe -r -w "$number" a
	says "-w '$number'" 1 <<E
modprobe: ERROR: unexpected wait value '$number'.
E
done
modprobe -n -v -w 0100 a
is_status "-w 0100" 0

# ---- what commands inherit

cat >env.conf <<'E'
install probe echo "$MODPROBE_OPTIONS"; echo "$MODPROBE_MODULE"
E
# inherits WANT ARG...
inherits()
{
	want=$1
	shift
	run modprobe "$@" -C env.conf probe
	is_status "$want" 0
	grep -v '^install ' .out >.shown
	mv .shown .out
	is_out "$want" <<E
$want
probe
E
}
env="-C $tmp/env.conf"
inherits "$env"
inherits "-C $tmp/two $env" -C two
inherits "$env -d $tmp/root -S 6.6.6" -d root -S 6.6.6
inherits "$env -q" -v -q
inherits "$env -v -v" -v -v
inherits "$env -s -q -v" --syslog -q -v
inherits "-C '/a b'\\''c' $env" -C "/a b'c"
MODPROBE_OPTIONS='-q   -b'
export MODPROBE_OPTIONS
inherits "-q   -b $env"
MODPROBE_OPTIONS='-C env.conf -b'
run modprobe probe
is "nothing is added twice" 0 <<E
-C env.conf -b
probe
E
unset MODPROBE_OPTIONS

# ---- nowhere to print

if [ -c /dev/full ]; then
	ran="modprobe -D a >/dev/full"
	"$KMOD_DIR/modprobe" -d root -S 6.6.6 -C conf -D a >/dev/full 2>.err
	status=$?
	is_status "a full disk" 1
	err_has "a full disk" "could not write to standard output"
fi

# ---- messages have one channel

if ours; then
	KMOD_LOG=7
	export KMOD_LOG
	modprobe -D a
	is "KMOD_LOG adds nothing" 0 <<E
insmod $dir/kernel/a.ko 
E
	KMOD_LOG=0
	modprobe nosuch
	err_has "KMOD_LOG hides nothing" "Module nosuch not found"
	unset KMOD_LOG
fi

# ---- who runs it with the rights of another one

# set_id PROGRAM NAME: a copy that runs as root.
set_id()
{
	cp "$1" "$tmp/$2" && chown 0:0 "$tmp/$2" && chmod 4755 "$tmp/$2"
}

somebody="setpriv --reuid=65534 --clear-groups"
if ours && [ "$(id -u)" = 0 ] && [ -z "${emulator:-}" ] &&
	command -v setpriv >/dev/null && chmod 755 "$tmp" &&
	set_id "$(command -v id)" id && [ "$($somebody "$tmp/id" -u)" = 0 ]; then
	set_id "$KMOD" modprobe
	MODPROBE_OPTIONS=-V
	export MODPROBE_OPTIONS
	"$tmp/modprobe" >"$tmp/.out" 2>&1
	ran="modprobe with MODPROBE_OPTIONS"
	out_has "it counts" "kmod version"
	$somebody "$tmp/modprobe" >"$tmp/.out" 2>&1
	status=$?
	ran="modprobe, set-user-id, with MODPROBE_OPTIONS"
	is_status "it is somebody else's" 1
	out_has "it is somebody else's" "missing parameters"
	unset MODPROBE_OPTIONS
fi

done_testing
