# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# tree.sh - a small module tree for the tests of modprobe; to be read behind
# lib.sh.
#
#	a            needs nothing
#	b            needs a; parameters w, x, y, z, 3
#	c            needs b and a; softdep pre: s1 post: s2
#	d-dash       needs c; aliases my-alias-d, char-*-7
#	s1           parameters o, p
#	s2           needs a
#	p1, p2       alias multi
#	bi           built in, alias bi-alias
#
# It is $tmp/root; $tmp/conf, a directory, is its configuration, and $dir where the
# modules are.

need_depmod
dir=$tmp/root/lib/modules/6.6.6
mkdir -p "$dir/kernel" "$tmp/conf"
mkmodule -m license=GPL -x sym_a=0x1234 "$dir/kernel/a.ko"
mkmodule -m license=GPL -m parm=x:x -m parm=y:y -m parm=z:z -m parm=w:w \
	-m parm=3:three -u sym_a -x sym_b -v sym_a=0x1234 "$dir/kernel/b.ko"
mkmodule -m license=GPL -u sym_b -x sym_c -m 'softdep=pre: s1 post: s2' \
	"$dir/kernel/c.ko"
mkmodule -m license=GPL -u sym_c -m alias=my-alias-d -m 'alias=char-*-7' \
	"$dir/kernel/d-dash.ko"
mkmodule -m license=GPL -m parm=o:o -m parm=p:p "$dir/kernel/s1.ko"
mkmodule -m license=GPL -u sym_a "$dir/kernel/s2.ko"
mkmodule -m license=GPL -m alias=multi "$dir/kernel/p1.ko"
mkmodule -m license=GPL -m alias=multi "$dir/kernel/p2.ko"
echo kernel/bi.ko >"$dir/modules.builtin"
printf 'bi.alias=bi-alias\0' >"$dir/modules.builtin.modinfo"
for module in a b c d-dash s1 s2 p1 p2; do
	echo "kernel/$module.ko"
done >"$dir/modules.order"
depmod -b "$tmp/root" 6.6.6 || exit 99

# modprobe ARG...: run in this tree; modprobe_fake: with the kernel's files of
# fake_kernel.
modprobe()
{
	run modprobe -d "$tmp/root" -S 6.6.6 -C "$tmp/conf" "$@"
}

modprobe_fake()
{
	run_fake modprobe -d "$tmp/root" -S 6.6.6 -C "$tmp/conf" "$@"
}

# conf LINE...: these are the configuration.
conf()
{
	printf '%s\n' "$@" >"$tmp/conf/test.conf"
}
