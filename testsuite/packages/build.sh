# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# build.sh - makes the packages from a release, twice; read by run.sh.
#
# shellcheck disable=SC2154,SC2016 # $root, $tmp; what inner shells expand

system build-essential check debhelper libjansson-dev liblzma-dev libssl-dev \
	libzstd-dev lintian pkg-config rpm zlib1g-dev

rm -f "$builddir"/libmod-*.tar.xz
make -s -C "$builddir" dist >"$tmp/log" 2>&1 || cat "$tmp/log"
tarball=$(echo "$builddir"/libmod-*.tar.xz)
version=$(basename "${tarball#*/libmod-}" .tar.xz)
version=${version#libmod-}

# make_packages DIR
make_packages()
{
	mkdir -p "$root/$1"
	cp "$tarball" "$root/$1/libmod_$version.orig.tar.xz"
	tar -xJf "$tarball" -C "$root/$1"
	# make check has stages of its own.
	inside sh -c "cd /$1/libmod-$version &&
			DEB_BUILD_OPTIONS=nocheck \
			dpkg-buildpackage -us -uc" >"$tmp/log" 2>&1 || {
		tail -n 40 "$tmp/log"
		return 1
	}
}

check "a changelog of this version" \
	grep -q "^libmod ($version-" "$top/debian/changelog"
check "dpkg-buildpackage" make_packages build
check "no warning of the compiler" \
	no grep -E '[0-9]: warning:' "$tmp/log"
check "no complaint of the debian helpers" \
	no grep -E '^dh_.*: (warning|error)|^dpkg-.*warning' "$tmp/log"
check "lintian: no error" inside sh -c \
	'lintian --allow-root --fail-on error /build/*.changes'
check "the same packages, made in another folder" make_packages other/folder
for deb in "$root"/build/*.deb; do
	check "the same bytes: ${deb##*/}" \
		cmp "$deb" "$root/other/folder/${deb##*/}"
done

# ---- RPM: by Debian's rpmbuild, which does not know Debian's packages

check "rpm/libmod.spec is of this version" \
	grep -q "^Version: *$version\$" "$top/rpm/libmod.spec"
mkdir -p "$root/root/rpm/SOURCES"
cp "$tarball" "$root/root/rpm/SOURCES"
check "rpmspec reads it" inside rpmspec -P "/build/libmod-$version/rpm/libmod.spec"
check "rpmbuild" inside rpmbuild -bb --quiet --nodeps --without check \
	--define '_topdir /root/rpm' "/build/libmod-$version/rpm/libmod.spec"
check "  three packages" test "$(find "$root/root/rpm/RPMS" \
	-name '*.rpm' ! -name '*debug*' | wc -l)" = 3
check "  the tools are in the first" sh -c '
	rpm=$(echo "$0"/root/rpm/RPMS/*/libmod-[0-9]*.rpm) &&
	chroot "$0" rpm -qlp "${rpm#"$0"}" | grep -x /usr/sbin/modprobe' "$root"

mkdir "$tmp/debs"
cp "$root"/build/*.deb "$tmp/debs"

# deb PACKAGE: its file.
deb()
{
	echo "$tmp/debs/$1"_*.deb
}

# The library, as a program finds it.
cat >"$root/root/version.c" <<'E'
#include <libmod/libmod.h>
#include <stdio.h>

int main(void)
{
	return puts(mod_version()) < 0;
}
E
check "libmod-dev installs" \
	chroot_install "$root" "$(deb libmod2)" "$(deb libmod-dev)"
check "a program builds with libmod-dev, and runs" inside sh -c \
	'cc -Wall -Werror -o /root/version /root/version.c \
		$(pkg-config --cflags --libs libmod) &&
	[ "$(/root/version)" = "'"$version"'" ]'
check "what needs it depends on libmod2" inside sh -c '
	mkdir -p /root/x/debian && cd /root/x &&
	printf "Source: x\n\nPackage: x\nArchitecture: any\n" >debian/control &&
	[ "$(dpkg-shlibdeps -O /root/version | tr , "\n" |
		grep -o "libmod2.*")" = "libmod2 (>= '"$version"')" ]'
