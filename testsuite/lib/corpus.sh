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
# A tree is downloaded and unpacked once, indexed by Debian's depmod, and then
# kept in $XDG_CACHE_HOME/libmod (~/.cache/libmod); nobody writes into it.  It
# appears there whole or not at all.

corpus_cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/libmod

# corpus_root KIND: prints the folder that has lib/modules/RELEASE.
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
	[ ! -d "$corpus_cache/$1" ] || return 0
	(
		flock 9
		[ ! -d "$corpus_cache/$1" ] || exit 0
		new=$(mktemp -d "$corpus_cache/new.XXXXXX") || exit
		trap 'rm -rf "$new"' EXIT
		trap 'exit 1' HUP INT TERM
		corpus_make "$1" "$new" && mv "$new" "$corpus_cache/$1"
	) 9>"$corpus_cache/lock"
}

# corpus_make PACKAGE DIR
corpus_make()
{
	echo "corpus: downloading $1"
	mkdir "$2/deb" &&
		(cd "$2/deb" && apt-get download -q "$1") || return
	echo "corpus: unpacking $1"
	dpkg-deb -x "$2"/deb/*.deb "$2" || return
	rm -rf "$2/deb"
	# Newer packages have it in /usr alone.
	[ -e "$2/lib" ] || ln -s usr/lib "$2/lib"
	chmod 755 "$2"
	echo "corpus: indexing $(corpus_release "$2")"
	PATH=/sbin:/usr/sbin:$PATH depmod -b "$2" "$(corpus_release "$2")"
}
