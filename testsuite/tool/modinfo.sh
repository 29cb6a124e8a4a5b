#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo.sh - what modinfo prints about a file, in each form.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"

cd "$tmp" || exit 99
mkmodule -m license=GPL -m 'parm=a:first' -m parmtype=a:int \
	-m parmtype=b:bool -m 'parm=c:only text' x.ko

run modinfo "$tmp/x.ko"
is "fields in the file's order, parameters last and reversed" 0 <<E
filename:       $tmp/x.ko
license:        GPL
parm:           c:only text
parm:           b:bool
parm:           a:first (int)
E

for form in -p --parameters '-F parm' --field=parm '--field parm'; do
	# shellcheck disable=SC2086 # words
	run modinfo $form "$tmp/x.ko"
	is "$form: a type alone stands in brackets" 0 <<E
c:only text
b: (bool)
a:first (int)
E
done

run modinfo -F parmtype "$tmp/x.ko"
is "-F parmtype: the strings themselves" 0 <<E
a:int
b:bool
E

# A shell cannot hold NUL.
nul()
{
	ran="modinfo $*"
	"$KMOD_DIR/modinfo" "$@" 2>&1 | tr '\0' '@' >"$tmp/.out"
	echo >>"$tmp/.out"
}

nul -0 "$tmp/x.ko"
is_out "-0: name, file and parameters keep the padded form" <<E
$(printf '%s' "filename:       $tmp/x.ko@license=GPL@" \
	'parm:           c:only text@parm:           b:bool@' \
	'parm:           a:first (int)@')
E
nul --null -p "$tmp/x.ko"
is_out "-0 -p" <<E
c:only text@b: (bool)@a:first (int)@
E
nul -0 -l "$tmp/x.ko" "$tmp/x.ko"
is_out "-0 -l" <<E
GPL@GPL@
E

# Fields by option; the last one wins.
mkmodule -m license=GPL -m license=MIT -m author=A -m 'author=B <b@c>' \
	-m 'description=a = b' -m filename=within -m name=own \
	-m 'vermagic=6.1.0 mod_unload ' f.ko
for form in -l --license '-F license' '-a -l' '-n -F author -l' --lic; do
	# shellcheck disable=SC2086
	run modinfo $form f.ko
	is "modinfo $form" 0 <<E
GPL
MIT
E
done
for form in -a --author '-F author'; do
	# shellcheck disable=SC2086
	run modinfo $form f.ko
	is "modinfo $form" 0 <<E
A
B <b@c>
E
done
for form in -d --description; do
	run modinfo $form f.ko
	is "modinfo $form" 0 <<E
a = b
E
done
for form in -n --filename '-F filename'; do
	# shellcheck disable=SC2086
	run modinfo $form f.ko
	is "modinfo $form" 0 <<E
$tmp/f.ko
E
done
run modinfo -F name f.ko
is "-F name: the field of a file" 0 <<E
own
E
run modinfo -F vermagic f.ko
is "a blank at the end stays" 0 <<E
6.1.0 mod_unload$(printf ' ')
E
run modinfo -F License f.ko
is "-F minds the case" 0 </dev/null
run modinfo -F nothing f.ko
is "a field that is not there" 0 </dev/null
run modinfo -F lic f.ko
is "-F takes whole names" 0 </dev/null

run modinfo --fi x f.ko
is_status "--fi may mean two options" 1
run modinfo
says "no operand" 1 <<E
modinfo: ERROR: missing module or filename.
E
run modinfo -F
is_status "-F wants a word" 1
run modinfo -v f.ko
is_status "there is no -v" 1

# Options behind operands, and the end of options.
run modinfo f.ko -F author -- x.ko
is "operands and options may be mixed" 0 <<E
A
B <b@c>
E

# Several operands; one that fails does not stop the others.
run modinfo -l x.ko nosuch.ko f.ko
is_status "one of three failed" 1
is_out "the others are printed" <<E
GPL
GPL
MIT
E
is_err "the one is named" <<E
modinfo: ERROR: Module nosuch.ko not found.
E

# Many operands, by several threads: all is printed in their order, messages too.
if ours; then
	set --
	for i in $(seq 1 300); do
		case $((i % 7)) in
		0) set -- "$@" "nosuch$i" ;;
		1) set -- "$@" bad$((i % 3)).ko ;;
		*) set -- "$@" many$((i % 5)).ko ;;
		esac
	done
	for i in 0 1 2 3 4; do
		mkmodule -m "license=$i" -m "description=$(seq -s, 1 "$i"00)" \
			many$i.ko
	done
	for i in 0 1 2; do
		mkmodule -m "description=bad $i" -m parm=nocolon$i bad$i.ko
	done
	for jobs in 1 2 3 64 1000; do
		"$KMOD_DIR/modinfo" -j $jobs "$@" >jobs.$jobs 2>&1
		echo "status $?" >>jobs.$jobs
		ran="modinfo -j $jobs"
		check "$ran: the same as by one thread" cmp jobs.1 jobs.$jobs
	done
	check "all are there" test "$(grep -c ^filename: jobs.64)" = \
		"$(printf '%s\n' "$@" | grep -c ko)"
	run modinfo --jobs=2 -F license many1.ko many2.ko
	is "two jobs for two" 0 <<E
1
2
E
	for jobs in 0 -1 x '' 2x 99999999999999999999; do
		run modinfo -j "$jobs" f.ko
		says "-j '$jobs'" 1 <<E
modinfo: ERROR: unexpected number of jobs '$jobs'.
E
	done
fi

# Keys and values
mkmodule -m fourteenletters=14 -m abcdefghijklmno=15 -m justakey -m =v \
	-m a=b=c -m 'x=two
lines' k.ko
run modinfo k.ko
is "values stand in column 17" 0 <<E
filename:       $tmp/k.ko
fourteenletters:14
abcdefghijklmno:15
justakey:$(printf '       ')
:               v
a:              b=c
x:              two
lines
E
mkmodule -m abcdefghijklmnop=16 -m abcdefghijklmnopqrstuvwxyz=26 long.ko
run modinfo long.ko
ours && is "no blank behind a longer key (30 prints some)" 0 <<E
filename:       $tmp/long.ko
abcdefghijklmnop:16
abcdefghijklmnopqrstuvwxyz:26
E

# Parameters
mkmodule -m parm=a:x -m parm=b:y -m parm=a:again -m parmtype=a:int \
	-m parmtype=a:uint -m parmtype=b:bool -m 'parm=:nameless' \
	-m 'parm=c: d:e ' p.ko
run modinfo p.ko
is "the last text holds, the first place counts" 0 <<E
filename:       $tmp/p.ko
parm:           c: d:e$(printf ' ')
parm:           :nameless
parm:           b:y (bool)
parm:           a:again (uint)
E
mkmodule -m license=GPL -m parm=nocolon -m parm=a:x -m parmtype=bad bad.ko
run modinfo bad.ko
is_status "a parm without colon" 0
is_out "a parm without colon is left out" <<E
filename:       $tmp/bad.ko
license:        GPL
parm:           a:x
E
is_err "a parm without colon is told" <<E
modinfo: ERROR: Found invalid "parm=nocolon": missing ':'
modinfo: ERROR: Found invalid "parmtype=bad": missing ':'
E
run modinfo -l bad.ko
is "who asks for something else does not hear it" 0 <<E
GPL
E

# Where a file is
mkdir -p dir/real
cp x.ko dir/real/x.ko
ln -s real dir/link
for path in ./x.ko x.ko dir/real/x.ko dir/link/x.ko dir/../x.ko; do
	run modinfo -n "$path"
	is "paths are not cleaned: $path" 0 <<E
$tmp/$path
E
done
ln -s x.ko link.ko
run modinfo -n link.ko
is "a link is not followed in the name" 0 <<E
$tmp/link.ko
E
cd dir/link || exit 99
run modinfo -n x.ko
is "the folder's name is the user's" 0 <<E
$tmp/dir/link/x.ko
E
cd "$tmp" || exit 99

# 32 bits, big-endian
for kind in '' -3 -B '-3 -B'; do
	# shellcheck disable=SC2086
	mkmodule $kind -m license=GPL -x a=0x1 -u b -i 0011 class.ko
	run modinfo class.ko
	ours && is "class and byte order: $kind" 0 <<E
filename:       $tmp/class.ko
license:        GPL
build-id:       00:11
E
	ours || is "class and byte order: $kind" 0 <<E
filename:       $tmp/class.ko
license:        GPL
E
done

# Build ids (kmod 34; 30 knows none)
ids()
{
	for n; do
		hex=$(seq 0 $((n - 1)) | xargs -r printf '%02x')
		mkmodule -m license=GPL -m parm=a:b -i "$hex" id.ko
		run modinfo -F build-id id.ko
		check "a build id of $n bytes" test "$(tr -d '\n\t:' <.out |
			tr A-F a-f)" = "$hex"
	done
}
if ours; then
	ids 1 8 16 20 21 32 40 41 200
	mkmodule -m license=GPL -m parm=a:b \
		-i 000102030405060708090a0b0c0d0e0f1011121314 id.ko
	run modinfo id.ko
	is "twenty bytes in a line, in front of the parameters" 0 <<E
filename:       $tmp/id.ko
license:        GPL
build-id:       00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:
		14
parm:           a:b
E
	mkmodule -m license=GPL -i 000102030405060708090a0b0c0d0e0f10111213 \
		id.ko
	run modinfo -F build-id id.ko
	is "no colon at the end of a full line" 0 <<E
00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13
E
fi

# Empty and odd .modinfo
mkmodule empty.ko
run modinfo empty.ko
is "an empty section is no error" 0 <<E
filename:       $tmp/empty.ko
E
mkmodule -m '' -m '' -m license=GPL -m '' -m author=X nuls.ko
run modinfo nuls.ko
is "NULs between strings" 0 <<E
filename:       $tmp/nuls.ko
license:        GPL
author:         X
E

# A long value, and many of them
long=$(seq 1 20000 | tr '\n' ' ')
mkmodule -m "description=$long" long.ko
run modinfo -d long.ko
is "a value longer than any buffer" 0 <<E
$long
E

done_testing
