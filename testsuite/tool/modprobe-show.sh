#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-show.sh - the symbol versions that a module needs, or exports.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
cd "$tmp" || exit 99
conf ""

mkmodule -x one=0x1 -x two=0xfedcba98 -x none_here -v a=0x12345678 \
	-v module_layout=0x9 x.ko
mkmodule -3 -B -x one=0x1 -v a=0x12345678 x32.ko
mkmodule -n none.ko

mkdir sub
for file in "$PWD/x.ko" ./x.ko x.ko sub/../x.ko; do
	modprobe --show-modversions "$file"
	is "versions, $file" 0 <<'E'
0x12345678	a
0x00000009	module_layout
E
	modprobe --show-exports "$file"
	is "exports, $file" 0 <<'E'
0x00000001	one
0xfedcba98	two
E
done
modprobe --dump-modversions ./x32.ko ignored
is "32 bits, big-endian" 0 <<'E'
0x12345678	a
E
modprobe --show-exports ./x32.ko
is "32 bits, big-endian" 0 <<'E'
0x00000001	one
E
ours || done_testing

modprobe --show-modversions ./none.ko
says "no versions" 1 <<'E'
modprobe: FATAL: could not get modversions of none: No data available
E
head -c 200 x.ko >cut.ko
modprobe --show-modversions ./cut.ko
says "a corrupt file" 1 <<E
modprobe: FATAL: could not get modversions of cut: Invalid argument ($PWD/./cut.ko: corrupt ELF file)
E
modprobe --show-exports ./cut.ko
says "a corrupt file" 1 <<E
modprobe: FATAL: could not get symbols of cut: Invalid argument ($PWD/./cut.ko: corrupt ELF file)
E
cp x.ko b
modprobe --show-modversions b
is "by name, whatever is here" 0 <<'E'
0x00001234	sym_a
E
modprobe --show-exports my-alias-d
is_status "by alias" 0
modprobe --show-exports bi
says "built in" 1 <<'E'
modprobe: FATAL: could not get symbols of bi: No such file or directory
E
modprobe --show-exports nosuch
says "unknown" 1 <<E
modprobe: FATAL: Module nosuch not found in directory $dir
E
modprobe --show-exports nosuch.ko
says "no such file" 1 <<E
modprobe: FATAL: Module nosuch.ko not found in directory $dir
E
for file in x.ko sub/../x.ko; do
	modprobe -D $file
	says "nothing is loaded so" 1 <<E
modprobe: FATAL: Module $file not found in directory $dir
E
done

done_testing
