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

# Holders stand as in /proc/modules (kmod: as the directory has them).
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

# The calls: one file, read to its end, and no other file of the kernel.
if ours && [ -z "${emulator:-}" ] && command -v strace >/dev/null &&
	strace -o /dev/null -e trace=none true 2>/dev/null; then
	modules 'a 5 1 b, Live 0x0' 'b 7 0 - Live 0x0'
	tracer="strace -f -qq -o $tmp/.calls -e signal=none -P /proc/modules"
	run_fake lsmod
	tracer=
	sed 's/^[0-9]* *//; s/(.*//' "$tmp/.calls" >"$tmp/asked"
	printf '%s\n' openat read read close >"$tmp/.want"
	same "lsmod opens one file, to its end" calls "$tmp/asked"
fi

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
	modules 'b 7 1 a,c,[permanent], Live 0x0' 'a 20 0 - Unloading 0x0 (OE-)' \
		'long_name_of_one 7 - - Loading 0x0 (P+)' \
		'c 18446744073709551615 -1 - Live 0x0'
	run_fake lsmod --sort=name
	is "lsmod --sort=name: the usual table" 0 <<E
$header
a                         20  0
b                          7  1 a,c
c                   18446744073709551615  -1
long_name_of_one           7  -
E
	for form in '--sort size -o name,size' '-o name -o name,size --sort=size' \
		'--output=name,size --so=name --sort=size'; do
		# shellcheck disable=SC2086 # words
		run_fake lsmod $form
		is "lsmod $form: equals stay as they were" 0 <<E
Module                            Size
b                                    7
long_name_of_one                     7
a                                   20
c                 18446744073709551615
E
	done
	run_fake kmod list --sort=-used -o by,used,state,taints,permanent
	is "kmod list -o: empty cells are dashes" 0 <<E
By   Used  State      Taints  Permanent
a,c     1  Live       -       yes
-       0  Unloading  OE      no
-      -1  Live       -       no
-       -  Loading    P       no
E
	run_fake lsmod -o name,nosuch
	says "no such column" 1 <<E
lsmod: ERROR: no column 'nosuch'; there are: name, size, used, by, state, taints, permanent.
E
	run_fake lsmod --sort=
	is_status "--sort=" 1
	run_fake lsmod -o name,size,size,size,size,size,size,size,size,size,size,size,size,size,size,size,size
	says "too many columns" 1 <<E
lsmod: ERROR: more than 16 columns.
E

	if has_json; then
		run_fake lsmod --json
		is "lsmod --json" 0 <<E
[
  {
    "name": "b",
    "size": 7,
    "used": 1,
    "by": [
      "a",
      "c"
    ],
    "state": "Live",
    "taints": "",
    "permanent": true
  },
  {
    "name": "a",
    "size": 20,
    "used": 0,
    "by": [],
    "state": "Unloading",
    "taints": "OE",
    "permanent": false
  },
  {
    "name": "long_name_of_one",
    "size": 7,
    "used": null,
    "by": [],
    "state": "Loading",
    "taints": "P",
    "permanent": false
  },
  {
    "name": "c",
    "size": null,
    "used": -1,
    "by": [],
    "state": "Live",
    "taints": "",
    "permanent": false
  }
]
E
		# Any bytes
		modules "$(printf 'n"\\\001\033\377\303\251 5 1 \200,"x, Live 0x0')"
		run_fake lsmod --json -o name,by
		json "any bytes" 'd == [{"name": "n\"\\\x01\x1b\\xff\u00e9",
			"by": ["\\x80", "\"x"]}]'
		modules
		run_fake lsmod --json --sort=size
		json "no module" 'd == []'
	fi

	modules 'b 7 1 - Live 0x0'
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
