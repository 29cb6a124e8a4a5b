#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The tools need libc and the libraries that configure linked, no others; the
# library's needs are the same or fewer.
set -eu
[ -z "$sanitizers" ] || exit 77 # they bring libraries of their own

needed()
{
	readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

# The libraries of the decoders that are linked.
allowed=
for mode in $library_modes; do
	case $mode in
	xz=link) allowed="$allowed liblzma" ;;
	zlib=link) allowed="$allowed libz" ;;
	zstd=link) allowed="$allowed libzstd" ;;
	openssl=link) allowed="$allowed libcrypto" ;;
	jansson=link) allowed="$allowed libjansson" ;;
	esac
done

status=0
for file in src/kmod libmod/.libs/libmod.so; do
	for library in $(needed "$top_builddir/$file"); do
		case "$library" in
		libc.* | ld-linux*) continue ;;
		esac
		case " $allowed " in
		*" ${library%%.*} "*) continue ;;
		esac
		echo "$file needs $library"
		status=1
	done
done

# A plain file that runs from the build directory, not libtool's wrapper.
readelf -h "$top_builddir/src/kmod" >/dev/null || status=1
exit $status
