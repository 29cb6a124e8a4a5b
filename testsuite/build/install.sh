#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make install, in the layouts that distributions have: links that work, kmod.pc
# and libmod.pc with what others ask them for, directories for configuration; and
# make uninstall, after which nothing is left.
set -u
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MAKELEVEL MFLAGS
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
status=0
# shellcheck disable=SC2086 # words
run()
{
	${emulator-} "$@"
}
say()
{
	echo "$*"
	status=1
}

# make_to DIR TARGET [VARIABLE=VALUE...]
make_to()
{
	to=$1 target=$2
	shift 2
	make -C "$top_builddir" "$target" "DESTDIR=$to" prefix=/usr \
		sysconfdir=/etc "$@" >"$work/log" 2>&1 || {
		cat "$work/log"
		say "make $target $*: failed"
	}
}

# expect WHAT GOT: the same as on standard input.
expect()
{
	cat >"$work/want"
	printf '%s\n' "$2" >"$work/got"
	diff "$work/want" "$work/got" >"$work/diff" && return
	say "$1:"
	sed 's/^/  /' "$work/diff"
}

# programs DIR: the programs in its directories, and where links lead.
programs()
{
	(
		cd "$1" || exit
		for dir in bin sbin usr/bin usr/sbin; do
			[ -d "$dir" ] || continue
			find "$dir" ! -type d -printf '%p %l\n'
		done | sed 's/ $//' | sort
	)
}

# tries DIR SBINDIR: every tool works in there, by its link.
tries()
{
	for tool in depmod insmod lsmod modinfo modprobe rmmod; do
		run "$1$2/$tool" --help 2>&1 | grep -q "$tool" ||
			say "$2/$tool does not run as $tool"
	done
}

# leaves_nothing LAYOUT VARIABLE...: directories that others use may stay, empty.
leaves_nothing()
{
	layout=$1
	shift
	make_to "$work/$layout" uninstall "$@"
	expect "$layout: left by make uninstall" \
		"$(find "$work/$layout" ! -type d -o -name 'modprobe.d' \
			-o -name depmod.d -o -name libmod)" <<'E'

E
}

# ---- bin and sbin in /usr

make_to "$work/usr" install libdir=/usr/lib
expect "usr: programs" "$(programs "$work/usr")" <<'E'
usr/bin/kmod
usr/bin/lsmod kmod
usr/sbin/depmod ../bin/kmod
usr/sbin/insmod ../bin/kmod
usr/sbin/lsmod ../bin/kmod
usr/sbin/modinfo ../bin/kmod
usr/sbin/modprobe ../bin/kmod
usr/sbin/rmmod ../bin/kmod
E
tries "$work/usr" /usr/sbin
expect "usr: folders for configuration" \
	"$(cd "$work/usr" && find . -name depmod.d -o -name modprobe.d | sort)" <<'E'
./etc/depmod.d
./etc/modprobe.d
./usr/lib/depmod.d
./usr/lib/modprobe.d
E
expect "usr: for programmers" \
	"$(cd "$work/usr/usr" && find include lib/*.so* share/pkgconfig \
		lib/pkgconfig ! -type d | sed 's/\.so\.[0-9.]*$/.so.N/' |
		sort -u)" <<'E'
include/libmod/libmod.h
lib/libmod.so
lib/libmod.so.N
lib/pkgconfig/libmod.pc
share/pkgconfig/kmod.pc
E
for page in man8/modprobe.8 man8/depmod.8 man5/modprobe.d.5 man3/libmod.3; do
	[ -e "$top_builddir/man/${page#*/}" ] || continue # without scdoc
	[ -s "$work/usr/usr/share/man/$page" ] || say "usr: no $page"
done
for file in bash-completion/completions/modprobe \
	fish/vendor_completions.d/modprobe.fish \
	fish/vendor_functions.d/__libmod_loaded.fish \
	fish/vendor_functions.d/__libmod_modules.fish \
	fish/vendor_functions.d/__libmod_releases.fish \
	fish/vendor_functions.d/__libmod_value.fish \
	zsh/site-functions/_kmod; do
	[ -s "$work/usr/usr/share/$file" ] || say "usr: no $file"
done

# What others ask pkg-config for: kernel packages, dracut, mkinitcpio.
if command -v pkg-config >/dev/null; then
	PKG_CONFIG_PATH=$work/usr/usr/share/pkgconfig:$work/usr/usr/lib/pkgconfig
	export PKG_CONFIG_PATH
	asked()
	{
		printf '%s=%s\n' "$2" "$(pkg-config --variable="$2" "$1")"
	}
	packed=
	for codec in zstd xz zlib; do
		case $library_modes in
		*$codec=no*) ;;
		*) packed="${packed:+$packed }$codec" ;;
		esac
	done
	configured=$(sed -n 's/^#define MOD_\(MODULE_DIRECTORY\) "\(.*\)"/\2/p' \
		"$top_builddir/config.h")
	expect "kmod.pc" "$(for name in sysconfdir module_directory \
		module_compressions module_signatures; do
			asked kmod $name | sed 's|=/.*/etc$|=/etc|'
		done)" <<E
sysconfdir=/etc
module_directory=$configured
module_compressions=$packed
module_signatures=PKCS7 legacy
E
	case $(pkg-config --variable=distconfdir kmod) in
	/*/lib) ;;
	*) say "kmod.pc: distconfdir is no absolute folder" ;;
	esac
	number=$(run "$work/usr/usr/bin/kmod" --version | awk 'NR == 1 { print $3 }')
	pkg-config --exact-version="$number" kmod ||
		say "kmod.pc: not the version that kmod --version prints"
	[ -z "$(pkg-config --libs kmod)" ] || say "kmod.pc has libraries"
	pkg-config --libs libmod | grep -q -e '-lmod' ||
		say "libmod.pc does not link"
fi

# A file of the administrator is his, and so is its directory.
echo 'options x y=z' >"$work/usr/etc/modprobe.d/mine.conf"
make_to "$work/usr" uninstall libdir=/usr/lib
[ -f "$work/usr/etc/modprobe.d/mine.conf" ] ||
	say "usr: make uninstall took a file that it did not install"
rm -f "$work/usr/etc/modprobe.d/mine.conf"
leaves_nothing usr libdir=/usr/lib

# ---- /bin and /sbin apart from /usr

split="bindir=/bin sbindir=/sbin libdir=/lib distconfdir=/lib"
# shellcheck disable=SC2086 # words
make_to "$work/split" install $split
expect "split: programs" "$(programs "$work/split")" <<'E'
bin/kmod
bin/lsmod kmod
sbin/depmod ../bin/kmod
sbin/insmod ../bin/kmod
sbin/lsmod ../bin/kmod
sbin/modinfo ../bin/kmod
sbin/modprobe ../bin/kmod
sbin/rmmod ../bin/kmod
E
tries "$work/split" /sbin
[ -d "$work/split/lib/modprobe.d" ] || say "split: no /lib/modprobe.d"
# shellcheck disable=SC2086 # words
leaves_nothing split $split

# ---- one directory for all

make_to "$work/merged" install sbindir=/usr/bin
expect "merged: programs" "$(programs "$work/merged")" <<'E'
usr/bin/depmod kmod
usr/bin/insmod kmod
usr/bin/kmod
usr/bin/lsmod kmod
usr/bin/modinfo kmod
usr/bin/modprobe kmod
usr/bin/rmmod kmod
E
tries "$work/merged" /usr/bin
leaves_nothing merged sbindir=/usr/bin

# ---- links from far away

make_to "$work/far" install sbindir=/opt/a/b/sbin
[ "$(readlink "$work/far/opt/a/b/sbin/modprobe")" = /usr/bin/kmod ] ||
	say "far: modprobe leads to $(readlink "$work/far/opt/a/b/sbin/modprobe")"
leaves_nothing far sbindir=/opt/a/b/sbin

exit $status
