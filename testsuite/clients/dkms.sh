#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# dkms.sh - modules from outside: a package with DKMS, one of our own, and the
# kernel's own modules_install.

set -u
# shellcheck source=testsuite/clients/lib.sh
. "$top/testsuite/clients/lib.sh"

kernel=$(corpus_root xz) || exit
release=$(corpus_release "$kernel")
two_systems "$1" dkms "linux-headers-$release" make
package=$(corpus_archive acpi-call-dkms) || exit

# One dot in three seconds.
plain='s/^depmod\.*$/depmod/'
trees_alike()
{
	(cd "$peer/lib/modules/$release" && find . -type f | sort) >"$tmp/a"
	(cd "$ours/lib/modules/$release" && find . -type f |
		grep -vx ./modules.weakdep | sort) >"$tmp/b"
	diff "$tmp/a" "$tmp/b" || return
	for file in dep alias symbols softdep devname; do
		cmp "$peer/lib/modules/$release/modules.$file" \
			"$ours/lib/modules/$release/modules.$file" || return
	done
}

both depmod "$release"
check "depmod" trees_alike

for side in peer ours; do
	cp "$package" "$tmp/$side/root/package.deb" || exit
done
both dpkg -i /package.deb
check "a package with DKMS is installed: it succeeded" succeeded
check "and the same output" same_text -e "$plain"
both dkms install "acpi-call/$(chroot_run "$peer" sh -c 'ls /usr/src' |
	sed -n 's/^acpi-call-//p')" -k "$release" --force
check "dkms install for Debian's 6.12: it succeeded" succeeded
check "and the same output" same_text -e "$plain"
both dkms status
check "dkms status" same_text
check "the same files and indexes" trees_alike
note "$(grep -c updates "$tmp/a") in updates: $(grep updates "$tmp/a")"
both modprobe -S "$release" -D acpi_call
check "modprobe finds it" same_text
both modinfo -k "$release" -F version acpi_call
check "modinfo reads it" same_text
both dpkg -P acpi-call-dkms
check "purged: status and output" same_text -e "$plain"
check "the same files and indexes are left" trees_alike

# One of our own that is in the kernel, too: DKMS compares versions by modinfo.
for side in peer ours; do
	root=$tmp/$side/root
	mkdir -p "$root/usr/src/hello-1.0" || exit
	cat >"$root/usr/src/hello-1.0/hello.c" <<-'END'
		#include <linux/module.h>
		MODULE_LICENSE("GPL");
		MODULE_VERSION("1.0");
		MODULE_DESCRIPTION("Says nothing");
	END
	cp "$root/usr/src/hello-1.0/hello.c" "$root/usr/src/hello-1.0/dummy.c"
	printf 'obj-m := hello.o dummy.o\n' >"$root/usr/src/hello-1.0/Makefile"
	cat >"$root/usr/src/hello-1.0/dkms.conf" <<-'END'
		PACKAGE_NAME=hello
		PACKAGE_VERSION=1.0
		BUILT_MODULE_NAME[0]=hello
		BUILT_MODULE_NAME[1]=dummy
		DEST_MODULE_LOCATION[0]=/updates
		DEST_MODULE_LOCATION[1]=/updates
		AUTOINSTALL=yes
	END
done
for verb in add build install status; do
	both dkms $verb hello/1.0 -k "$release"
	check "dkms $verb: it succeeded" succeeded
	check "dkms $verb: the same output" same_text -e "$plain"
done
check "the same files and indexes" trees_alike
both modprobe -S "$release" -D dummy
check "a module of the kernel is replaced: updates come first" same_text
note "$(cat "$tmp/ours.out")"
both dkms remove hello/1.0 --all
check "dkms remove: it succeeded" succeeded
check "dkms remove: the same output" same_text -e "$plain"
check "the same files and indexes" trees_alike

# Kbuild runs scripts/depmod.sh.
both make -C "/lib/modules/$release/build" M=/usr/src/hello-1.0 \
	modules modules_install
check "make modules_install: it succeeded" succeeded
check "and the same output" same_text
check "the same files and indexes" trees_alike
both make -C "/lib/modules/$release/build" M=/usr/src/hello-1.0 \
	INSTALL_MOD_PATH=/elsewhere modules_install
check "with INSTALL_MOD_PATH: the same output" same_text

# Then the kernel's own Makefile runs this, which Debian's leaves out.  A map as
# if Debian shipped one: what vmlinux exports.
for side in peer ours; do
	root=$tmp/$side/root
	awk '$3 == "vmlinux" {
		print "ffffffff81000000 r __ksymtab_" $2
		print "0000000000000000 A __crc_" $2
	}' "$root/usr/src/linux-headers-$release/Module.symvers" \
		>"$root/usr/src/hello-1.0/System.map"
done
# shellcheck disable=SC2016 # for the inner shell
both sh -c 'cd /usr/src/hello-1.0 &&
	sh /usr/lib/linux-kbuild-*/scripts/depmod.sh "$1"' sh "$release"
check "scripts/depmod.sh: it succeeded" succeeded
check "and the same output" same_text
check "the same files and indexes" trees_alike
both modprobe -S "$release" -D hello
check "modprobe finds the new one" same_text
note "$(cat "$tmp/ours.out")"
# shellcheck disable=SC2016 # for the inner shell
both sh -c 'cd /usr/src/hello-1.0 && export INSTALL_MOD_PATH=/elsewhere &&
	sh /usr/lib/linux-kbuild-*/scripts/depmod.sh "$1" &&
	cat "/elsewhere/lib/modules/$1/modules.dep"' sh "$release"
check "scripts/depmod.sh with INSTALL_MOD_PATH: the same" same_text
note "$(cat "$tmp/ours.out")"
both find /elsewhere -type f ! -name modules.weakdep
check "and the same files" same_text
finish
