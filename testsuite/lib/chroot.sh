# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# chroot.sh - whole Debian 12 systems in directories, for tests that put our tools
# in place of kmod's and watch what happens to the rest.
#
# To be read by a test, which must run as root and not from standard input:
#	. "$top/scripts/lib/packages.sh"
#	. "$top/testsuite/lib/chroot.sh"
#	chroot_private "$0" "$@"	# first: it starts the test anew
#	tmp=$(mktemp -d) || exit
#	trap 'chroot_remove "$tmp/new"; rm -rf --one-file-system "$tmp"' EXIT
#	trap 'exit 1' HUP INT TERM
#	base=$(chroot_base initramfs-tools dracut-core) || exit
#	chroot_copy "$base" "$tmp/new" && root=$tmp/new/root
#	chroot_install "$root" zstd	# packages, or .deb files from outside
#	chroot_run "$root" update-initramfs -u
#
# A base is made once, by debootstrap and apt-get, and then kept in
# $XDG_CACHE_HOME/libmod (~/.cache/libmod); nobody writes into it.  It appears
# there whole or not at all.
#
# Nothing of the machine is touched.  All mounts are made in a namespace of the
# test's own, so the kernel undoes them when the test ends, however it ends.
# Commands have processes of their own, which end with them, a /dev with few
# nodes, and no right to load a module, set the clock or write to /proc/sys.

chroot_cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/libmod
chroot_packages="apt debootstrap util-linux"

# chroot_private SCRIPT ARG...: goes on in a mount namespace of its own.
chroot_private()
{
	[ "${chroot_is_private-}" != "$$" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		echo "$1: needs root" >&2
		exit 77
	fi
	# shellcheck disable=SC2086 # words
	need_packages $chroot_packages >&2 || exit
	chroot_is_private=$$ # exec keeps the number
	export chroot_is_private
	exec unshare --mount --propagation private "$@"
}

# chroot_base PACKAGE...: prints the directory of a minimal Debian 12 that has them.
chroot_base()
{
	# shellcheck disable=SC2046 # words
	set -- $(printf '%s\n' "$@" | sort -u)
	chroot_name=bookworm-$(echo "2 $*" | sha256sum | cut -c 1-12)
	chroot_get "$chroot_name" "$@" >&2 || return
	echo "$chroot_cache/$chroot_name/root"
}

# chroot_copy BASE DIR: DIR/root is BASE, and may be written to.
chroot_copy()
{
	mkdir -p "$2/root" "$2/upper" "$2/work" || return
	# Not all kernels have it, or let it lie on another one.
	if mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" \
		overlay "$2/root" 2>/dev/null; then
		return
	fi
	cp -a --reflink=auto "$1/." "$2/root"
}

# chroot_remove DIR: what chroot_copy made.
chroot_remove()
{
	! mountpoint -q "$1/root" || umount "$1/root" || return
	rm -rf --one-file-system "$1"
}

# chroot_run ROOT COMMAND ARG...: its exit status, or 125.  The variables of
# this environment that start with CHROOT_ are handed on.
chroot_run()
{
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount --propagation private --pid --fork --kill-child \
		--uts --ipc sh -c "$chroot_init" chroot_run "$@"
}

# What runs as process 1: it would not hear a signal that it has no trap for,
# and a shell gives its background commands no standard input.
# shellcheck disable=SC2016 # for the inner shell
chroot_init='
root=$1
shift
mount -t proc proc "$root/proc" &&
	mount --bind "$root/proc/sys" "$root/proc/sys" &&
	mount -o remount,bind,ro "$root/proc/sys" &&
	mount -t sysfs -o ro sysfs "$root/sys" &&
	mount -t tmpfs -o mode=755 tmpfs "$root/dev" &&
	mount -t tmpfs -o mode=755 tmpfs "$root/run" || exit 125
for node in null zero full random urandom tty; do
	touch "$root/dev/$node" &&
		mount --bind "/dev/$node" "$root/dev/$node" || exit 125
done
mkdir "$root/dev/shm" "$root/dev/pts" "$root/run/lock" &&
	mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts" &&
	ln -s pts/ptmx "$root/dev/ptmx" &&
	ln -s /proc/self/fd "$root/dev/fd" &&
	ln -s fd/0 "$root/dev/stdin" &&
	ln -s fd/1 "$root/dev/stdout" &&
	ln -s fd/2 "$root/dev/stderr" || exit 125
hostname chroot
trap "exit 143" HUP INT TERM
exec 3<&0
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
	${http_proxy:+"http_proxy=$http_proxy"} \
	${https_proxy:+"https_proxy=$https_proxy"} \
	$(env | sed -n "/^CHROOT_[A-Z_]*=[^ ]*$/p") \
	setpriv --bounding-set=-sys_module,-sys_boot,-sys_time,-sys_rawio \
	--inh-caps=-sys_module,-sys_boot,-sys_time,-sys_rawio \
	chroot "$root" "$@" <&3 3<&- &
wait $!
'

# chroot_install ROOT PACKAGE|FILE.deb...
chroot_install()
{
	chroot_root=$1
	shift
	chroot_debs=
	for chroot_package; do
		case $chroot_package in
		*/*.deb)
			mkdir -p "$chroot_root/var/tmp/debs" &&
				cp "$chroot_package" "$chroot_root/var/tmp/debs" ||
				return
			chroot_package=/var/tmp/debs/${chroot_package##*/}
			;;
		esac
		chroot_debs="$chroot_debs $chroot_package"
	done
	# shellcheck disable=SC2086 # words
	chroot_apt "$chroot_root" install $chroot_debs ||
		{
			chroot_apt "$chroot_root" update &&
				chroot_apt "$chroot_root" install $chroot_debs
		}
}

# chroot_apt ROOT ARG...: apt-get, without recommended packages or questions.
chroot_apt()
{
	chroot_root=$1
	shift
	chroot_run "$chroot_root" apt-get -y -q -o Dpkg::Use-Pty=0 \
		-o APT::Install-Recommends=false \
		-o Dpkg::Options::=--force-confold "$@" </dev/null
}

# chroot_get NAME PACKAGE...: makes the cached one, one caller at a time.
chroot_get()
{
	[ ! -d "$chroot_cache/$1" ] || return 0
	mkdir -p "$chroot_cache/debs" || return
	(
		flock 8
		[ ! -d "$chroot_cache/$1" ] || exit 0
		# The numbers of users in there are not those of this machine.
		new=$(mktemp -d "$chroot_cache/new.XXXXXX") || exit
		trap 'rm -rf --one-file-system "$new"' EXIT
		trap 'exit 1' HUP INT TERM
		name=$1
		shift
		chroot_make "$new" "$@" 8>&- && mv "$new" "$chroot_cache/$name"
	) 8>"$chroot_cache/lock-chroot"
}

# chroot_make DIR PACKAGE...: DIR/root from nothing, or from the one without
# packages.
chroot_make()
{
	chroot_new=$1
	shift
	chmod 755 "$chroot_new" # also for users of the system inside
	echo "$*" >"$chroot_new/packages"
	if [ $# = 0 ]; then
		echo "chroot: a minimal Debian 12"
		chroot_bootstrap "$chroot_new/root"
		return
	fi
	chroot_minimal=bookworm-$(echo "2 " | sha256sum | cut -c 1-12)
	if [ ! -d "$chroot_cache/$chroot_minimal" ]; then
		chroot_first=$(mktemp -d "$chroot_cache/new.XXXXXX") &&
			(chroot_make "$chroot_first") &&
			mv "$chroot_first" "$chroot_cache/$chroot_minimal" || return
	fi
	echo "chroot: one with $*"
	cp -a --reflink=auto "$chroot_cache/$chroot_minimal/root" \
		"$chroot_new/root" &&
		chroot_fill "$chroot_new/root" "$@"
}

# chroot_fill ROOT PACKAGE...: downloads are kept for the next one.
chroot_fill()
(
	archives=$1/var/cache/apt/archives
	unshare_root=$1
	shift
	mount --bind "$chroot_cache/debs" "$archives" &&
		chroot_apt "$unshare_root" update &&
		chroot_apt "$unshare_root" install "$@"
	status=$?
	umount "$archives"
	exit $status
)

# The place that this machine gets its Debian from.
chroot_mirror()
{
	# shellcheck disable=SC2016 # for apt-get
	apt-get indextargets --format '$(REPO_URI)' "Release: bookworm" \
		"Created-By: Packages" 2>/dev/null | head -n 1
}

chroot_bootstrap()
{
	chroot_uri=$(chroot_mirror)
	if [ -z "$chroot_uri" ]; then
		apt-get update -q
		chroot_uri=$(chroot_mirror)
	fi
	[ -n "$chroot_uri" ] || {
		echo "chroot: apt knows no place that has Debian 12" >&2
		return 1
	}
	debootstrap --variant=minbase --cache-dir="$chroot_cache/debs" \
		bookworm "$1" "$chroot_uri" || return

	# No service starts, nothing waits for the disk, apt is as it is here.
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod 755 "$1/usr/sbin/policy-rc.d"
	echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/quick"
	apt-config dump |
		grep -E '^Acquire::(http|https|Check-[A-Za-z]*|Retries|ForceIPv4)' \
			>"$1/etc/apt/apt.conf.d/20here"
	# shellcheck disable=SC2016 # for apt-get
	apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) main' \
		"Created-By: Packages" | grep -F -e bookworm | grep -F debian |
		sort -u >"$1/etc/apt/sources.list"
	cp /etc/resolv.conf "$1/etc/resolv.conf"
}
