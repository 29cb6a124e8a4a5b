#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# dist.sh BUILDDIR - a release is the same bytes whoever makes it and when, and
# builds without git, autotools, scdoc and a network.  Not of make check: it
# builds all anew.
set -eu
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MAKELEVEL MFLAGS SOURCE_DATE_EPOCH XZ_OPT XZ_DEFAULTS

builddir=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# tarball DIR: makes one there, as it is now.
tarball()
{
	make -s -C "$1" dist >"$work/log" 2>&1 || {
		cat "$work/log"
		exit 1
	}
	set -- "$1"/libmod-*.tar.xz
	[ $# = 1 ] || { echo "more than one tarball in $1"; exit 1; }
	echo "$1"
}

# same WHAT FILE: as the first.
same()
{
	cmp "$work/first.tar.xz" "$2" && echo "the same: $1" && return
	for file in "$work/first.tar.xz" "$2"; do
		tar -tvJf "$file" >"$work/list.${file##*/}"
	done
	diff "$work"/list.* | head -n 20
	exit 1
}

rm -f "$builddir"/libmod-*.tar.xz
file=$(tarball "$builddir")
cp "$file" "$work/first.tar.xz"
rm "$file"
sleep 1.1 # another second
umask 077
file=$(TZ=Asia/Tokyo tarball "$builddir")
same "at another time, in another zone, with another umask" "$file"
rm "$file"
umask 022
if [ "$(tar -tvJf "$work/first.tar.xz" | awk '{ print $2, $4, $5 }' |
	sort -u | wc -l)" != 1 ]; then
	echo "several owners or dates:"
	tar -tvJf "$work/first.tar.xz" | head
	exit 1
fi

# Programs that a release must not call.  configure may look whether they are
# there; it must not need them.
mkdir "$work/bin" "$work/src"
for program in aclocal autoconf autoheader autom4te automake autoreconf git \
	libtoolize m4 scdoc; do
	cat >"$work/bin/$program" <<E
#!/bin/sh
echo "$program \$*" >>"$work/called"
exit 1
E
	chmod 755 "$work/bin/$program"
	ln -s "$program" "$work/bin/$program-1.16"
done
tar -xJf "$work/first.tar.xz" -C "$work/src"
src=$(echo "$work"/src/libmod-*)
chmod -R a-w "$src"
mkdir "$work/build"
cd "$work/build"
offline=
if unshare -rn true 2>/dev/null; then
	offline="unshare -rn"
else
	echo "no network namespaces: with the network"
fi
PATH=$work/bin:$PATH
quiet()
{
	# shellcheck disable=SC2086 # words
	$offline "$@" >"$work/log" 2>&1 || {
		tail -n 40 "$work/log"
		echo "FAILED: $*"
		exit 1
	}
}
quiet "$src/configure" --enable-werror --with-check=no
quiet make -j"$(nproc)"
quiet make check TESTS="testsuite/build/install.sh testsuite/tool/ports.sh"
quiet make install DESTDIR="$work/installed"
[ -s "$work/installed/usr/share/man/man8/modprobe.8" ] || {
	echo "no manual pages"
	exit 1
}
[ -s "$work/installed/usr/share/bash-completion/completions/modprobe" ] || {
	echo "no completions"
	exit 1
}
[ ! -e completion/bash/kmod.in ] || {
	echo "a release made the completions anew"
	exit 1
}
if [ -e "$work/called" ]; then
	echo "a release called:"
	sort -u "$work/called"
	exit 1
fi
echo "builds with nothing but a compiler, make and the libraries"

# A release of a release is that release.
chmod -R u+w "$src"
file=$(tarball "$work/build")
same "made from what was in it" "$file"
echo "3 passed, 0 failed"
