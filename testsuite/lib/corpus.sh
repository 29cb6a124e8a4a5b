# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# corpus.sh - module trees of real kernels, from Debian's packages.
#
# To be read by a test:
#	. "$top/testsuite/lib/corpus.sh"
#	root=$(corpus_root plain) || exit
#	release=$(corpus_release "$root")
#	modprobe -d "$root" -S "$release" ...
#
# What modules of our own are built with, and other packages whose files a test
# wants, come from there, too:
#	corpus_build "$release" "$tmp/my-module"
#	busybox=$(corpus_deb busybox-static)/bin/busybox
#
# A tree is downloaded and extracted once, indexed by Debian's depmod, and then
# kept in $XDG_CACHE_HOME/libmod (~/.cache/libmod); nobody writes into it.  It
# appears there whole or not at all.

corpus_cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/libmod

# corpus_root KIND: prints the directory that has lib/modules/RELEASE.
#   plain  Debian 12's kernel 6.1: modules as .ko, signed
#   xz     a newer one (6.12): modules as .ko.xz, signed
corpus_root()
{
	case $1 in
	plain) corpus_find '^linux-image-6\.1\.[0-9.]+-[0-9]+-amd64$' ;;
	xz) corpus_find '^linux-image-6\.12\.[0-9]+\+deb12-amd64$' ;;
	*)
		echo "corpus_root: $1: plain or xz" >&2
		return 1
		;;
	esac
}

# corpus_release ROOT: the kernel release that it holds.
corpus_release()
{
	basename "$1"/lib/modules/*
}

# corpus_find PATTERN: the newest package so named, or the newest that is here.
corpus_find()
{
	mkdir -p "$corpus_cache" || return
	if ! corpus_fetch "$1" && [ "$(id -u)" = 0 ]; then
		apt-get update -q >&2 # the lists were empty or old
		corpus_fetch "$1"
	fi
	corpus_package=$(find "$corpus_cache" -maxdepth 1 -printf '%f\n' |
		grep -E -e "$1" | sort -V | tail -n 1)
	if [ -z "$corpus_package" ]; then
		echo "corpus: no package like $1" >&2
		return 1
	fi
	echo "$corpus_cache/$corpus_package"
}

corpus_fetch()
{
	corpus_package=$(apt-cache pkgnames linux-image-6 | grep -E -e "$1" |
		sort -V | tail -n 1)
	[ -n "$corpus_package" ] && corpus_get "$corpus_package" >&2
}

# corpus_get PACKAGE: makes $corpus_cache/PACKAGE, one caller at a time.
corpus_get()
{
	corpus_once "$1" corpus_make "$1"
}

# corpus_once NAME FUNCTION ARG...: makes $corpus_cache/NAME, which appears whole
# or not at all, by calling FUNCTION ARG... DIR.
corpus_once()
{
	[ ! -d "$corpus_cache/$1" ] || return 0
	mkdir -p "$corpus_cache" || return
	(
		corpus_name=$1
		shift
		flock 9
		[ ! -d "$corpus_cache/$corpus_name" ] || exit 0
		new=$(mktemp -d "$corpus_cache/new.XXXXXX") || exit
		trap 'rm -rf "$new"' EXIT
		trap 'exit 1' HUP INT TERM
		chmod 755 "$new" && "$@" "$new" &&
			mv "$new" "$corpus_cache/$corpus_name"
	) 9>"$corpus_cache/lock"
}

# corpus_make PACKAGE DIR
corpus_make()
{
	corpus_unpack "$1" "$2" || return
	# Newer packages have it in /usr alone.
	[ -e "$2/lib" ] || ln -s usr/lib "$2/lib"
	echo "corpus: indexing $(corpus_release "$2")"
	PATH=/sbin:/usr/sbin:$PATH depmod -b "$2" "$(corpus_release "$2")"
}

# corpus_unpack PACKAGE DIR: what the package holds, nothing of it is run.
corpus_unpack()
{
	mkdir "$2/deb" && corpus_download "$1" "$2/deb" || return
	echo "corpus: unpacking $1"
	dpkg-deb -x "$2"/deb/*.deb "$2" && rm -rf "$2/deb"
}

# corpus_deb PACKAGE: prints the directory with the files of the package.
corpus_deb()
{
	corpus_once "$1" corpus_unpack "$1" >&2 && echo "$corpus_cache/$1"
}

# corpus_archive PACKAGE: prints the package's own file.
corpus_archive()
{
	corpus_once "$1.deb" corpus_download "$1" >&2 &&
		echo "$corpus_cache/$1.deb/"*.deb
}

# corpus_download PACKAGE DIR
corpus_download()
{
	echo "corpus: downloading $1"
	(cd "$2" && apt-get download -q "$1")
}

# corpus_headers RELEASE: prints the directory in which modules for a kernel of
# corpus_root are built.
corpus_headers()
{
	corpus_once "linux-headers-$1" corpus_make_headers "$1" >&2 &&
		echo "$corpus_cache/linux-headers-$1/usr/src/linux-headers-$1"
}

# corpus_make_headers RELEASE DIR
corpus_make_headers()
{
	corpus_version=${1%-amd64}
	for corpus_part in "headers-$1" "headers-$corpus_version-common" \
		"kbuild-$corpus_version"; do
		corpus_unpack "linux-$corpus_part" "$2" || return
	done
	# It is not in the place that it was made for; and without a vmlinux
	# there is no BTF, whose program is in none of these packages.
	# shellcheck disable=SC2016 # for make
	sed -i 's|/usr/src/|$(dir $(lastword $(MAKEFILE_LIST)))../|' \
		"$2/usr/src/linux-headers-$1/Makefile" &&
		rm -f "$2/usr/src/linux-headers-$1/vmlinux"
}

# corpus_build RELEASE DIR: builds the modules of a directory with a Makefile of
# "obj-m := NAME.o" lines; they are there then as NAME.ko, without signature.
corpus_build()
{
	corpus_source=$(corpus_headers "$1") || return
	make -C "$corpus_source" M="$(realpath "$2")" modules >&2
}
