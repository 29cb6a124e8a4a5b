#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo-lookup.sh - from an operand to modules: files, names, aliases,
# built-ins.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
need_depmod

cd "$tmp" || exit 99
release=1.2.3-test
tree=$tmp/r/lib/modules/$release
mkdir -p "$tree/kernel"
mkmodule -m license=one -m 'alias=fs-one' -m 'alias=pci:v*d0[0-4]sv*' \
	-m 'alias=pci:v*d01sv*' -m firmware=a.bin -x one_sym=0x1 \
	"$tree/kernel/one-a.ko"
mkmodule -m license=two -m depends=one-a -m alias=fs-one -u one_sym \
	"$tree/kernel/two.ko"
mkmodule -m license=both -m parm=file:x "$tree/kernel/both.ko"
cat >"$tree/modules.order" <<E
kernel/one-a.ko
kernel/two.ko
kernel/both.ko
E
cat >"$tree/modules.builtin" <<E
kernel/inside.ko
kernel/mute.ko
kernel/both.ko
E
printf '%s\0' inside.license=GPL inside.alias=net-pf-1 inside.parm=p:x \
	inside.name=own inside.parmtype=p:int both.license=builtin \
	core.parm=c:x >"$tree/modules.builtin.modinfo"
depmod -b "$tmp/r" "$release"

# look OPERAND-OR-OPTION...
look()
{
	run modinfo -b "$tmp/r" -k "$release" "$@"
}

for name in one_a one-a; do
	look "$name"
	is "by name: $name" 0 <<E
filename:       $tree/kernel/one-a.ko
license:        one
alias:          fs-one
alias:          pci:v*d0[0-4]sv*
alias:          pci:v*d01sv*
firmware:       a.bin
E
done
run modinfo --set-version="$release" --basedir "$tmp/r" --field=firmware one-a
is "the long options" 0 <<E
a.bin
E
look -n one-a two
is "several names" 0 <<E
$tree/kernel/one-a.ko
$tree/kernel/two.ko
E
run modinfo -b "$tmp/r/" -k "$release" -n two
is "the folder is joined as it is typed" 0 <<E
$tmp/r//lib/modules/$release/kernel/two.ko
E
cd "$tmp" || exit 99
run modinfo -b r -k "$release" -n two
is "a folder from here" 0 <<E
$tree/kernel/two.ko
E

look -n fs-one
is "an alias of two modules" 0 <<E
$tree/kernel/one-a.ko
$tree/kernel/two.ko
E
look -n pci:v1d01sv2
is "two patterns of one module match" 0 <<E
$tree/kernel/one-a.ko
$tree/kernel/one-a.ko
E
look -n symbol:one_sym
is "a symbol" 0 <<E
$tree/kernel/one-a.ko
E

look inside
is "built in" 0 <<E
name:           inside
filename:       (builtin)
license:        GPL
alias:          net-pf-1
name:           own
parm:           p:x (int)
E
look net-pf-1 -F license
is "an alias of a built-in" 0 <<E
GPL
E
look -F name inside
is "its name, and the field so called" 0 <<E
inside
own
E
look -n inside
is "it has no file" 0 <<E
(builtin)
E
ran="modinfo -0 inside"
"$KMOD_DIR/modinfo" -b r -k "$release" -0 inside | tr '\0' '@' >"$tmp/.out"
echo >>"$tmp/.out"
is_out "built in, -0" <<E
$(printf '%s' 'name:           inside@filename:       (builtin)@' \
	'license=GPL@alias=net-pf-1@name=own@parm:           p:x (int)@')
E
look mute
ours && is "a built-in that says nothing (30 fails)" 0 <<E
name:           mute
filename:       (builtin)
E
look -l both
ours && is "a file that is built in, too: what the file says (kmod mixes)" \
	0 <<E
both
E

look -m one-a two.ko
ours && is_out "-m: names" <<E
filename:       $tree/kernel/one-a.ko
license:        one
alias:          fs-one
alias:          pci:v*d0[0-4]sv*
alias:          pci:v*d01sv*
firmware:       a.bin
filename:       $tree/kernel/two.ko
license:        two
depends:        one-a
alias:          fs-one
E
look -m -n fs-one
says "-m: no aliases" 1 <<E
modinfo: ERROR: Module name fs-one not found.
E
look -m -n inside
is "-m: built-ins" 0 <<E
(builtin)
E

# A file goes before a name; an operand that is no module file is a name.
mkmodule -m license=here two.ko
look -l two.ko two
is "a file here, and a name" 0 <<E
here
two
E
mkdir dir.ko
mkfifo pipe.ko
for word in dir.ko pipe.ko gone.ko TWO two.ko.bz2 '' .ko x/ / two.kox; do
	look "$word"
	says "no such module: '$word'" 1 <<E
modinfo: ERROR: Module $word not found.
E
done
look '[bad'
says "brackets that do not pair" 1 <<E
modinfo: ERROR: Module alias [bad not found.
E
cp two.ko plainname
look plainname
says "a file without suffix is none" 1 <<E
modinfo: ERROR: Module plainname not found.
E
if ours; then # kmod: not found
	look -l ./plainname
	is "but with a folder it is" 0 <<E
here
E
	look core
	is "a part of the kernel that is no module" 0 <<E
name:           core
filename:       (builtin)
parm:           c:x
E
	look -m -p core
	is "such a part by -m" 0 <<E
c:x
E
	cp "$tree/modules.builtin.modinfo" was
	printf '%s\0' more.x=y inside.version=2 >>"$tree/modules.builtin.modinfo"
	look -F version inside
	is "strings in two places" 0 <<E
2
E
	mv was "$tree/modules.builtin.modinfo"
	look cor
	says "half of its name" 1 <<E
modinfo: ERROR: Module cor not found.
E
fi
mkdir sub
cp two.ko sub/.ko
look -l sub/.ko
is "a name of nothing but the suffix, in a folder" 0 <<E
here
E

run modinfo -b "$tmp/r" -k no-such-release two
says "no such tree" 1 <<E
modinfo: ERROR: Module two not found.
E
run modinfo -b "$tmp/r" -k no-such-release -l ./two.ko
is "a file needs no tree" 0 <<E
here
E

rm "$tree/kernel/two.ko"
look -n two
is "-n does not look at the file" 0 <<E
$tree/kernel/two.ko
E
look two
is_status "a file that went away" 1
is_out "a file that went away" <<E
filename:       $tree/kernel/two.ko
E
is_err "a file that went away" <<E
modinfo: ERROR: could not get modinfo from 'two': No such file or directory
E
rm "$tree/kernel/one-a.ko"
mkmodule -m license=two "$tree/kernel/two.ko"
look -l two
ours && is "a dependency that is not there does not matter" 0 <<E
two
E

# Only the .bin files are read.
rm "$tree/modules.builtin.modinfo"
look inside
ours && is "without modules.builtin.modinfo" 0 <<E
name:           inside
filename:       (builtin)
E
rm "$tree/modules.dep" "$tree/modules.alias" "$tree/modules.builtin"
look -n two
is_out "without the text files" <<E
$tree/kernel/two.ko
E
mv "$tree/modules.dep.bin" "$tmp/dep.bin"
look -n two
says "without the index" 1 <<E
modinfo: ERROR: Module two not found.
E
: >"$tree/modules.dep.bin"
look -n two
ours && says "an empty index knows nothing" 1 <<E
modinfo: ERROR: Module two not found.
E

done_testing
