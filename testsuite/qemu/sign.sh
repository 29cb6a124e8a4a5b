#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# sign.sh - in the guest: what a kernel that insists on signatures answers, for
# module files of which modinfo --verify said something before.
#
# /sign/NAME.ko or .ko.xz is a file, /sign/NAME what the kernel is to answer; see
# sign-cases.sh.  A log that names the key which is not there proves that the kernel
# could read all of the signature.

. /check.sh

# refused TEXT FILE: so says insmod, and whose signature it is where that matters.
refused()
{
	got=$(insmod "$2" 2>&1)
	code=$?
	head="insmod: ERROR: could not insert module $2: $1"
	case $1:$got in
	"Key was rejected"*:"$head ($2 is signed by "*": the kernel does not know that key, or the file was altered)") ;;
	"Key was rejected"*:"$head ($2 has no signature, and the kernel loads only what is signed)") ;;
	"Key was rejected"*) code=0 ;;
	*:"$head") ;;
	*) code=0 ;;
	esac
	[ "$code" -eq 1 ] || echo "$got"
	[ "$code" -eq 1 ]
}

for file in /sign/*.ko*; do
	name=${file##*/}
	name=${name%%.*}
	want=$(head -n 1 "/sign/$name")
	log=$(tail -n +2 "/sign/$name")
	mark
	if [ -z "$want" ]; then
		check "$name: the kernel takes it" prints 0 "" insmod "$file"
	else
		check "$name: $want" refused "$want" "$file"
	fi
	[ -z "$log" ] || check "$name: $log" told "$log"
done

# What we compressed is decompressed by the kernel itself, to the signature at its end.
kernel_unpacks()
{
	mark
	strace -f -qq -e trace=finit_module,init_module -e signal=none \
		-o /run/calls insmod "$1"
	cat /run/calls
	grep -q 'COMPRESSED_FILE) = -1 EKEYREJECTED' /run/calls &&
		! grep -q ' init_module' /run/calls && told "unavailable key"
}
check "packed by kmod sign: the kernel's own decoder reads it" \
	kernel_unpacks /sign/packed.ko.xz

[ "$failed" -eq 0 ]
