#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# complete.sh - drives bash, zsh and fish with the completions as they are
# installed, in a mount namespace that has a module tree of the running kernel
# and loaded modules.
#
#	complete.sh BUILDDIR

set -eu
[ $# = 1 ] || { echo "usage: complete.sh BUILDDIR"; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
release=6.1.0-test
# The build's module directory, for it may have been told another one.
dir=$(sed -n 's/^#define MOD_MODULE_DIRECTORY "\(.*\)"/\1/p' "$build/config.h")
[ -n "$dir" ]

if [ -z "${shells_tmp:-}" ]; then
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-shells.XXXXXX")
	trap 'rm -rf --one-file-system "$tmp"' EXIT
	shells_tmp=$tmp unshare -rm "$0" "$build"
	exit
fi
tmp=$shells_tmp

# tree TREE FILE...: has these files, all with the same content.
tree()
{
	at=$1
	shift
	mkdir -p "$at/kernel"
	for file; do
		cp "$tmp/module" "$at/kernel/$file"
	done
	echo kernel/built-in.ko >"$at/modules.builtin"
	printf '%s\n' "$@" >"$at/modules.order"
	printf 'built_in.license=GPL\0' >"$at/modules.builtin.modinfo"
}

# shellcheck disable=SC2016
"$build/testsuite/tool/mkmodule" -m license=GPL \
	-m 'parm=numdummies:How many to make' -m parmtype=numdummies:int \
	-m 'parm=number:Of what' -m parmtype=number:int \
	-m 'parm=num$(touch bad):Evil' "$tmp/module"
# What the name of a file says is never done and not offered.
# shellcheck disable=SC2016
tree "$tmp/root$dir/$release" dummy.ko snd-hda.ko.xz snd-pcm.ko \
	'du$(touch${IFS}bad).ko' 'du`touch bad`.ko' "du;touch bad.ko"
"$build/src/depmod" -b "$tmp/root" $release
mkdir -p "$tmp/root/other/6.2.0-other"
printf '%s\n' 'loaded_one 1 0 - Live 0x0' 'loaded_two 1 0 - Live 0x0' \
	'other 1 0 - Live 0x0' >"$tmp/modules"

# The running kernel's.
mkdir -p "$tmp/proc/.real"
tree "$tmp/running$dir/$(uname -r)" running-one.ko
"$build/src/depmod" -b "$tmp/running"
first=${dir#/}
first=${first%%/*}
over=$(readlink -f "/$first")
mount -t overlay -o "lowerdir=$tmp/running/$first:$over" overlay "$over"
if [ ! -e /proc/modules ]; then
	for name in /proc/[!0-9]*; do
		ln -s ".real/${name#/proc/}" "$tmp/proc/${name#/proc/}"
	done
	: >"$tmp/proc/modules"
	mount --rbind /proc "$tmp/proc/.real"
	mount --rbind "$tmp/proc" /proc
fi
mount --bind "$tmp/modules" /proc/modules

make -s -C "$build" install-data "DESTDIR=$tmp/installed" prefix=/usr \
	>"$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }
mkdir "$tmp/empty"
cd "$tmp/empty"
python3 "$top/testsuite/shells/complete.py" "$tmp/installed/usr/share" \
	"$build/src" "$tmp/root" "$dir" $release
[ -z "$(ls -A)" ] || {
	echo "FAIL: a command in a name was run"
	exit 1
}
