#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# load.sh - in the guest: compressed modules in a kernel that decompresses xz.
#
# xfs and loop are .ko.xz, minix is .ko.zst, dummy is .ko.gz, 8021q's garp is
# .ko.zst and the rest of it .ko.xz; veth has lost its signature.

. /check.sh

check "the kernel unpacks xz" \
	prints 0 xz cat /sys/module/compression
at=/lib/modules/$(uname -r)/kernel

check "modprobe -v of .ko.xz: all that it needs, in order" \
	prints 0 "insmod $at/arch/x86/crypto/crc32c-intel.ko.xz 
insmod $at/crypto/crc32c_generic.ko.xz 
insmod $at/lib/libcrc32c.ko.xz 
insmod $at/fs/xfs/xfs.ko.xz " \
	modprobe -v xfs
check "they are there" loaded xfs libcrc32c
check "the kernel unpacked: finit_module, no init_module" \
	prints 0 "finit_module MODULE_INIT_COMPRESSED_FILE 0" \
	calls modprobe loop
check "a .ko.zst is unpacked by us, the kernel is not asked" \
	prints 0 "init_module 0" calls modprobe minix
check "a .ko.gz, too" \
	prints 0 "init_module 0" calls modprobe dummy
check "each file in its own way" \
	prints 0 "finit_module MODULE_INIT_COMPRESSED_FILE 0
finit_module MODULE_INIT_COMPRESSED_FILE 0
finit_module MODULE_INIT_COMPRESSED_FILE 0
init_module 0
finit_module MODULE_INIT_COMPRESSED_FILE 0" calls modprobe 8021q
check "a .ko.xz that the kernel cannot unpack: we do, after it refused" \
	prints 0 "finit_module MODULE_INIT_COMPRESSED_FILE -1
init_module 0" calls modprobe macvlan
check "insmod of .ko.xz" prints 0 "finit_module MODULE_INIT_COMPRESSED_FILE 0" \
	calls insmod "$at/fs/nls/nls_utf8.ko.xz"
check "lsmod prints /proc/modules" \
	prints 0 "$(awk 'BEGIN { print "Module                  Size  Used by" }
	{ sub(/,$/, "", $4); printf "%-19s %8d  %d%s\n", $1, $2, $3,
		$4 == "-" ? "" : " " $4 }' /proc/modules)" lsmod
check "modprobe -r takes what fell free" \
	prints 0 "" modprobe -r xfs
check "all of it is gone" gone xfs libcrc32c
check "rmmod" prints 0 "" rmmod nls_utf8
check "modprobe -r with -v, of packed ones" \
	prints 0 "rmmod 8021q
rmmod garp
rmmod stp
rmmod llc
rmmod mrp" modprobe -v -r 8021q

mark
check "an unknown parameter: the load goes on" \
	modprobe nls_utf8 no_such_parameter=1
check "and the kernel says so" \
	told "nls_utf8: unknown parameter 'no_such_parameter' ignored"
check "a parameter of the wrong type: the kernel refuses, and so do we" \
	prints 1 "modprobe: WARNING: brd: parameter 'rd_nr' is of type int, 'many' is not
modprobe: ERROR: could not insert 'brd': Invalid argument" \
	modprobe brd rd_nr=many

# In the end the kernel is locked down, which is for ever.
mark
check "an unsigned one is loaded" prints 0 "" modprobe veth
check "and the kernel notes it" told "veth: module verification failed"
check "it is gone" prints 0 "" modprobe -r veth

# Signed and compressed again by kmod sign, where it could.
if [ -n "$(ls "$at"/fs/nls/nls_koi8-u.ko.zst 2>/dev/null)" ]; then
	for file in nls_ascii.ko.xz nls_cp850.ko.gz nls_koi8-u.ko.zst; do
		check "$file: signed anew" prints 0 anew \
			modinfo -F signer "$at/fs/nls/$file"
	done
	check "signed anew, .ko.xz: the kernel unpacks it" \
		prints 0 "finit_module MODULE_INIT_COMPRESSED_FILE 0" \
		calls insmod "$at/fs/nls/nls_ascii.ko.xz"
	for file in nls_cp850.ko.gz nls_koi8-u.ko.zst; do
		check "signed anew: $file is loaded" \
			prints 0 "init_module 0" calls insmod "$at/fs/nls/$file"
	done
fi
mount -t securityfs securityfs /sys/kernel/security
echo integrity >/sys/kernel/security/lockdown
check "locked down: refused, and we say why" \
	prints 1 "modprobe: ERROR: $at/drivers/net/veth.ko has no signature, and the kernel is locked down
modprobe: ERROR: could not insert 'veth': Operation not permitted" \
	modprobe veth
check "locked down: what is signed is loaded" prints 0 "" modprobe xfs

[ "$failed" -eq 0 ]
