#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# lsmod.sh - the table of loaded modules.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
fake_kernel

header='Module                  Size  Used by'

# modules LINE...: they are in /proc/modules, and in /sys for the oracle.
modules()
{
	rm -rf "$tmp/sys/module"
	mkdir "$tmp/sys/module"
	: >"$tmp/proc/modules"
	for line; do
		printf '%s\n' "$line" >>"$tmp/proc/modules"
		# shellcheck disable=SC2086 # words
		set -- $line
		[ $# -ge 4 ] || continue
		dir=$tmp/sys/module/$1
		mkdir -p "$dir/holders"
		echo "$2" >"$dir/coresize"
		echo "$3" >"$dir/refcnt"
		echo live >"$dir/initstate"
		for holder in $(echo "$4" | tr , ' '); do
			case $holder in
			- | '[permanent]') ;;
			*) : >"$dir/holders/$holder" ;;
			esac
		done
	done
}

modules
run_fake lsmod
is "no module: the header alone" 0 <<E
$header
E

modules 'x_tables 20561 1 ip_tables, Live 0x00000000709cf000' \
	'dummy 16384 0 - Live 0x0 (OE)' \
	'a_very_long_module_name_that_exceeds 4096 12345 - Live 0x0' \
	'nineteen_characters 123456789 2 - Loading 0x0' \
	'going 777 -1 - Unloading 0x0 (-)' \
	'ipv6 429085 18 tipc,[permanent], Live 0x0' \
	'perm 100 1 [permanent], Live 0x0' \
	'last 1 0 - Live 0x0'
run_fake lsmod
is "rows in the kernel's order" 0 <<E
$header
x_tables               20561  1 ip_tables
dummy                  16384  0
a_very_long_module_name_that_exceeds     4096  12345
nineteen_characters 123456789  2
going                    777  -1
ipv6                  429085  18 tipc
perm                     100  1
last                       1  0
E
cp "$tmp/.out" "$tmp/table"
run_fake kmod list
is "kmod list" 0 <"$tmp/table"

# Holders stand as in /proc/modules (kmod: as the folder has them).
modules 'nf_conntrack 99163 3 xt_conntrack,nf_nat,nf_conntrack_tftp, Live 0x0'
run_fake lsmod
ours && is "holders in the kernel's order" 0 <<E
$header
nf_conntrack           99163  3 xt_conntrack,nf_nat,nf_conntrack_tftp
E

# A kernel that cannot unload counts nothing (kmod prints -2).
modules 'a 5 - - Live 0x0'
run_fake lsmod
ours && is "no count" 0 <<E
$header
a                          5  -
E

# A module that goes away while it is looked at, or no /sys at all.
modules 'ghost 5 0 - Live 0x0'
rm -r "$tmp/sys/module"
run_fake lsmod
ours && is "without /sys" 0 <<E
$header
ghost                      5  0
E

# A line longer than any buffer, and lines that are none.
holders=$(seq -s, -f 'holder_%g' 1 3000)
modules "big 5 3000 $holders, Live 0x0"
run_fake lsmod
ours && is "three thousand holders" 0 <<E
$header
big                        5  3000 $holders
E
modules '' 'nonsense' 'a x y z' 'b 7 1 - Live 0x0'
run_fake lsmod
ours && is "lines that are none" 0 <<E
$header
b                          7  1
E

rm "$tmp/proc/modules"
run_fake lsmod
ours && says "no /proc/modules" 1 <<E
lsmod: ERROR: could not open /proc/modules: No such file or directory
lsmod: ERROR: could not get list of modules: No such file or directory
E
is_status "no /proc/modules" 1
is_out "no /proc/modules" </dev/null
run_fake kmod list
ours && says "kmod list has kmod's name" 1 <<E
kmod: ERROR: could not open /proc/modules: No such file or directory
kmod: ERROR: could not get list of modules: No such file or directory
E

if ours; then # 30 has no options
	modules 'b 7 1 - Live 0x0'
	for option in -s -v -vv --syslog --verbose --verb; do
		run_fake lsmod $option
		is "lsmod $option" 0 <<E
$header
b                          7  1
E
	done
	run_fake lsmod --help
	is_status "lsmod --help" 0
	out_has "lsmod --help" Usage:
	run_fake lsmod --bogus
	says "an unknown option" 1 <<E
$KMOD_DIR/lsmod: unrecognized option '--bogus'
E
	run_fake lsmod x
	says "an operand" 1 <<E
lsmod: ERROR: too many arguments provided.
E
	run_fake kmod list x
	says "an operand of kmod list" 1 <<E
kmod: ERROR: too many arguments provided.
E
fi

done_testing
