# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# tree.sh - module trees for the guest of boot.sh.
#
# To be read by a script, behind lib/corpus.sh:
#	tree=$(qemu_tree "$(corpus_root xz)" "$tmp/tree" loop dummy) || exit
#	boot.sh -m "$tree" ...

# qemu_copy ROOT DIR NAME...: the modules, and what they need, to their places
# below DIR/lib/modules/RELEASE, with what depmod reads beside them.  To end
# with qemu_index.
qemu_copy()
{
	qemu_root=$1 qemu_dir=$2
	qemu_release=$(corpus_release "$1")
	qemu_from=$1/lib/modules/$qemu_release
	qemu_to=$2/lib/modules/$qemu_release
	shift 2
	mkdir -p "$qemu_to" &&
		cp "$qemu_from"/modules.builtin "$qemu_from"/modules.order \
			"$qemu_from"/modules.builtin.modinfo "$qemu_to" &&
		PATH=/sbin:$PATH modprobe -d "$qemu_root" -S "$qemu_release" \
			-C /dev/null -a --show-depends "$@" \
			>"$qemu_to/list" || return
	sed -n "s|^insmod .*/lib/modules/$qemu_release/\([^ ]*\).*|\1|p" \
		"$qemu_to/list" | sort -u |
		(cd "$qemu_from" && cpio -p -d -m -u --quiet "$qemu_to") &&
		rm "$qemu_to/list"
}

# qemu_index DIR: runs depmod ($qemu_depmod), prints the tree for boot.sh -m.
qemu_index()
{
	qemu_release=$(corpus_release "$1")
	PATH=/sbin:$PATH "${qemu_depmod:-depmod}" -b "$1" "$qemu_release" &&
		echo "$1/lib/modules/$qemu_release"
}

# qemu_tree ROOT DIR NAME...: both.
qemu_tree()
{
	qemu_copy "$@" && qemu_index "$2"
}

# qemu_repack KIND FILE.ko.xz: the module compressed as xz, zst, gz or not at all
# (ko), in place of the file.
qemu_repack()
{
	case $1 in
	ko) xz -dc "$2" >"${2%.xz}" ;;
	xz) return ;;
	zst) xz -dc "$2" | zstd -q >"${2%.xz}.zst" ;;
	gz) xz -dc "$2" | gzip >"${2%.xz}.gz" ;;
	esac && rm "$2"
}
