#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# run.sh - proves the tools in Debian's own kernel: signatures, modversions, and
# modules that the kernel decompresses, none of which user-mode-linux has.
#
#   run.sh BUILDDIR [PART...]
#
# Parts: load, enforce, jobs, sign (these four), image (needs root).  BUILDDIR "peer" takes
# Debian's kmod for ours, which tests the tests: what ours does better fails
# then.  The last line is "qemu: N passed, M failed"; the exit code is 0 when M
# is 0.

set -u

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=testsuite/lib/corpus.sh
. "$here/../lib/corpus.sh"
# shellcheck source=testsuite/qemu/tree.sh
. "$here/tree.sh"

if [ $# -eq 0 ]; then
	sed -n '7s/^# *//p' "$0" >&2
	exit 2
fi
case $1 in
peer) kmod=/bin/kmod ;;
*) kmod=$1/src/kmod ;;
esac
shift
[ -x "$kmod" ] || {
	echo "$0: $kmod: no such program" >&2
	exit 2
}

tmp=$(mktemp -d) || exit
boot='' ran=''
# shellcheck disable=SC2317 # reached by the trap
finish()
{
	[ -z "$boot" ] || kill "$boot" 2>/dev/null
	[ -n "$ran" ] || echo "qemu: 0 passed, 1 failed"
	[ -n "${QEMU_KEEP-}" ] || rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

# shellcheck source=testsuite/lib/check.sh
. "$here/../lib/check.sh"
say()
{
	echo "qemu: $*"
}

# guest PART BOOT-ARG...: boots PART.sh with these, and counts its results.  A
# guest that did not come to its end is one more failure.
guest()
{
	part=$1
	shift
	"$here/boot.sh" -t 1500 -o "$tmp/$part" -p "$kmod" -a "$tmp/add" \
		-b strace "$@" >"$tmp/said" 2>"$tmp/why" &
	boot=$!
	wait "$boot"
	code=$?
	boot=
	sed 's/^/  /' "$tmp/said"
	passed=$((passed + $(grep -c '^ok ' "$tmp/said")))
	bad=$(grep -c '^not ok ' "$tmp/said")
	[ "$bad" -gt 0 ] || [ "$code" -eq 0 ] || bad=1
	failed=$((failed + bad))
	[ "$bad" -eq 0 ] || cat "$tmp/why"
}

# Debian's depmod knows no .ko.gz.
mkdir "$tmp/tools" && ln -s "$(realpath "$kmod")" "$tmp/tools/depmod" || exit
# shellcheck disable=SC2034 # for tree.sh
qemu_depmod=$tmp/tools/depmod
mkdir "$tmp/add" &&
	cat "$here/../lib/check.sh" "$here/check.sh" >"$tmp/add/check.sh" || exit
root=$(corpus_root xz) || exit
release=$(corpus_release "$root")

# Three modules as .ko.xz, .ko.gz and .ko.zst, signed and compressed again by us.
sign_anew()
{
	qemu_repack gz "$1/nls_cp850.ko.xz" &&
		qemu_repack zst "$1/nls_koi8-u.ko.xz" &&
		openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=anew \
			-keyout "$tmp/key.pem" -out "$tmp/cert.pem" \
			2>/dev/null &&
		"$kmod" sign --replace --key "$tmp/key.pem" \
			--cert "$tmp/cert.pem" "$1/nls_ascii.ko.xz" \
			"$1/nls_cp850.ko.gz" "$1/nls_koi8-u.ko.zst"
}

part_load()
{
	say "packed modules, which the kernel unpacks or we do"
	dir=$tmp/load.tree
	qemu_copy "$root" "$dir" xfs loop minix dummy 8021q nls_utf8 brd \
		macvlan veth nls_ascii nls_cp850 nls_koi8-u || return
	at=$dir/lib/modules/$release/kernel
	qemu_repack zst "$at/fs/minix/minix.ko.xz"
	qemu_repack zst "$at/net/802/garp.ko.xz"
	qemu_repack gz "$at/drivers/net/dummy.ko.xz"
	qemu_repack ko "$at/drivers/net/veth.ko.xz" &&
		objcopy --strip-debug "$at/drivers/net/veth.ko" || return
	# A filter and a check that the kernel's decoder has not.
	unxz "$at/drivers/net/macvlan.ko.xz" &&
		xz --check=sha256 --delta=dist=1 --lzma2=dict=1MiB \
			"$at/drivers/net/macvlan.ko" || return
	case "$("$kmod" --version)" in
	*+OPENSSL*) sign_anew "$at/fs/nls" || return ;;
	esac
	tree=$(qemu_index "$dir") || return
	guest load -m "$tree" "$here/load.sh"
}

# Debian's signed modules, one without its signature, one altered.
part_enforce()
{
	say "signatures, and a kernel that insists on them"
	dir=$tmp/enforce.tree
	qemu_copy "$root" "$dir" loop dummy minix brd || return
	at=$dir/lib/modules/$release/kernel
	qemu_repack zst "$at/fs/minix/minix.ko.xz"
	qemu_repack ko "$at/drivers/net/dummy.ko.xz" &&
		objcopy --strip-debug "$at/drivers/net/dummy.ko" || return
	qemu_repack ko "$at/drivers/block/brd.ko.xz" &&
		cp "$at/drivers/block/brd.ko" "$tmp" &&
		sed -i 's/Ram backed/RAM backed/' "$at/drivers/block/brd.ko" &&
		! cmp -s "$at/drivers/block/brd.ko" "$tmp/brd.ko" || return
	tree=$(qemu_index "$dir") || return
	guest enforce -m "$tree" -k module.sig_enforce=1 "$here/enforce.sh"
}

# Modules of our own that sleep while they are loaded.
part_jobs()
{
	say "modules loaded at the same time"
	dir=$tmp/jobs.tree
	cp -r "$here/nap" "$tmp/nap" && corpus_build "$release" "$tmp/nap" ||
		return
	qemu_copy "$root" "$dir" loop || return
	cp "$tmp"/nap/*.ko "$dir/lib/modules/$release" || return
	tree=$(qemu_index "$dir") || return
	guest jobs -m "$tree" "$here/jobs.sh"
}

# What modinfo --verify says, and what the kernel does: they agree.
part_sign()
{
	say "good and bad signatures, and a kernel that insists on them"
	case "$("$kmod" --version)" in
	*+OPENSSL*) ;;
	*) say "not with this program" && return ;;
	esac
	"$here/sign-cases.sh" "$kmod" "$root" "$tmp/add/sign" >"$tmp/cases" ||
		return
	rm -rf "$tmp/add/sign".*
	sed 's/^/  /' "$tmp/cases"
	passed=$((passed + $(grep -c '^ok ' "$tmp/cases")))
	failed=$((failed + $(grep -c '^not ok ' "$tmp/cases")))
	tree=$(qemu_tree "$root" "$tmp/sign.tree" loop) || return
	guest sign -m "$tree" -k module.sig_enforce=1 "$here/sign.sh"
}

# From the first process to a root on a disk, by an image of mkinitramfs.
part_image()
{
	say "mkinitramfs makes the image, its tools find the root"
	"$here/image.sh" "$kmod" "$tmp/image" || return
	tree=$(qemu_tree "$root" "$tmp/image.tree" loop xfs) || return
	guest root -i "$tmp/image" -m "$tree" -k module.sig_enforce=1 "$here/root.sh"
}

say "Linux $release in qemu, tools: $("$kmod" --version 2>&1 | tail -n 1)"
[ $# -gt 0 ] || set -- load enforce jobs sign
for part; do
	case $part in
	load | enforce | jobs | sign | image)
		"part_$part" || {
			say "$part: could not be made ready"
			failed=$((failed + 1))
		}
		;;
	*)
		say "$part: no such part"
		failed=$((failed + 1))
		;;
	esac
done
ran=1
finish_suite qemu
