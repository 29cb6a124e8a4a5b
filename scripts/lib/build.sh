# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# build.sh - builds in directories of their own, outside of the source.
#
# Reads $top, the source, and $work, where the directories are made.

jobs=$(nproc)

build_packages="autoconf automake gcc libc6-dev libtool make pkg-config
	scdoc zlib1g-dev liblzma-dev libzstd-dev libssl-dev libjansson-dev"

# A configure that is as new as its sources.
bootstrap()
{
	if [ -x "$top/configure" ]; then
		newer=$(find "$top/configure.ac" "$top/Makefile.am" "$top/m4" \
			-name '[!l]*' -newer "$top/configure" -type f)
		[ -n "$newer" ] || return 0
	fi
	"$top/autogen.sh"
}

# build NAME CONFIGURE-ARG...: in $work/NAME.  A directory that was configured in
# the same way is only brought up to date.
build()
{
	dir=$work/$1
	shift
	if [ ! -f "$dir/configured" ] ||
		[ "$(cat "$dir/configured")" != "$*" ]; then
		rm -rf "$dir"
		mkdir -p "$dir"
		(cd "$dir" && "$top/configure" "$@") || return
		echo "$*" >"$dir/configured"
	fi
	make -C "$dir" -j"$jobs"
}
