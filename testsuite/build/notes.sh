#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A library that is opened when needed is reported in an ELF note (owner FDO, type
# 0x407c0c0a, JSON), so that image builders and packagers find it; a library that is
# linked is not told twice.
set -eu
case $sanitizers in
*address*) exit 77 ;; # it moves data apart, and so breaks the notes
esac

# Sonames noted in a file, one a line.
noted()
{
	readelf -nW "$1" | grep -q 'FDO.*0x407c0c0a' || return 0
	objcopy --dump-section .note.dlopen=/dev/stdout "$1" /dev/null |
		tr '\0' '\n' | sed -n 's/.*"soname" *: *\[\([^]]*\)\].*/\1/p' |
		tr ',' '\n' | tr -d '" ' | sort -u
}

soname()
{
	case $1 in
	xz) echo liblzma.so ;;
	zlib) echo libz.so ;;
	zstd) echo libzstd.so ;;
	jansson) echo libjansson.so ;;
	openssl) echo libcrypto.so ;;
	esac
}

status=0
expect() # FILE yes|no LIBRARY
{
	if noted "$top_builddir/$1" | grep -q "^$(soname "$3")"; then
		found=yes
	else
		found=no
	fi
	[ $found = "$2" ] && return
	echo "$1: note for $3: $found, expected: $2"
	status=1
}

opens=no
readelf -dW "$top_builddir/src/kmod" | grep -q NEEDED && opens=yes

for word in $library_modes; do
	codec=${word%=*}
	case $word in
	jansson=dlopen) tool=yes library=no ;;
	*=dlopen) tool=yes library=yes ;;
	# The decoder is linked, and the encoder is opened; static tools have both.
	*=static) tool=$opens library=yes ;;
	*) tool=no library=no ;;
	esac
	expect src/kmod "$tool" "$codec"
	expect libmod/.libs/libmod.so "$library" "$codec"
done
exit $status
