#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# versions.sh - wall times of our tools, kmod 30 and kmod 34, in one system.
#
#   versions.sh BUILDDIR >doc/speed.tsv
#
# All three run in a root of Debian 13's libraries: its kmod 34, the kmod 30 of
# this Debian 12, and the tools of BUILDDIR.  Needs root and the network; the
# packages are downloaded once and kept in ~/.cache/libmod.

set -u
[ $# = 1 ] || { sed -n '6s/^# *//p' "$0" >&2; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
. "$top/testsuite/lib/peer.sh"
. "$top/testsuite/lib/corpus.sh"

packages="kmod libkmod2 libc6 liblzma5 libzstd1 libssl3t64 zlib1g"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# newer_root DIR: the files of $packages of Debian 13; none of their scripts runs.
newer_root()
{
	mkdir -p "$1/apt/lists/partial" "$1/apt/archives/partial" "$1/deb" &&
		: >"$1/apt/status" || return
	# shellcheck disable=SC2016 # for apt-get
	uri=$(apt-get indextargets --format '$(REPO_URI)' "Release: bookworm" \
		"Created-By: Packages" | head -n 1)
	echo "deb [signed-by=$keyring] ${uri:-http://deb.debian.org/debian} trixie main" \
		>"$1/apt/sources"
	newer_apt "$1/apt" update -q >&2 || return
	# shellcheck disable=SC2086 # words
	(cd "$1/deb" && newer_apt "$1/apt" download -q $packages >&2) || return
	for deb in "$1"/deb/*.deb; do
		dpkg-deb -x "$deb" "$1" || return
	done
	rm -rf "$1/apt" "$1/deb"
	for link in lib lib64 bin sbin; do
		ln -sf "usr/$link" "$1/$link"
	done
}

newer_apt()
{
	apt=$1
	shift
	apt-get -o Dir::Etc::sourcelist="$apt/sources" \
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$apt/lists" \
		-o Dir::Cache="$apt" -o Dir::State::status="$apt/status" "$@"
}

[ "$(id -u)" = 0 ] || { echo "versions.sh: needs root" >&2; exit 77; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-bench.XXXXXX") || exit 99
trap 'exit 99' HUP INT TERM
trap 'rm -rf --one-file-system "$tmp"' EXIT
corpus_once debian-13-kmod newer_root >&2 && plain=$(corpus_root plain) &&
	xz=$(corpus_root xz) || exit 99
# shellcheck disable=SC2154 # of corpus.sh
cp -a "$corpus_cache/debian-13-kmod" "$tmp/root" || exit 99
root=$tmp/root

rm -f "$root"/usr/lib/modprobe.d/*
cp "$top"/testsuite/bench/modprobe.d/* "$root/usr/lib/modprobe.d" || exit 99
for place in 34:/usr/bin/kmod 30:/bin/kmod ours:"$1/src/kmod"; do
	program=${place#*:}
	[ "${place%%:*}" != 34 ] || program=$root$program
	mkdir -p "$root/${place%%:*}" &&
		cp "$program" "$root/${place%%:*}/kmod" || exit 99
	for tool in depmod lsmod modinfo modprobe; do
		ln -s kmod "$root/${place%%:*}/$tool"
	done
done
ldconfig -r "$root" && mkdir -p "$root/tmp" "$root/dev" &&
	mknod -m 666 "$root/dev/null" c 1 3 || exit 99
python3 "$top/testsuite/bench/versions.py" "$root" "$plain" "$xz"
