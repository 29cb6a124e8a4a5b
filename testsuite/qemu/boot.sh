#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# boot.sh - run a script as root of Debian's own kernel, in a machine of its own.
#
#   boot.sh [-q] [-t SECONDS] [-o DIR] [-r ROOT] [-p KMOD] [-m TREE] [-a DIR]...
#           [-b PROGRAM]... [-i IMAGE [-d ROOT]] [-k WORDS] SCRIPT [ARG...]
#
# The machine is emulated (qemu-system-x86_64, TCG), so no privilege is needed.
# Its root holds Debian's busybox, dash as /bin/sh, and the programs named below;
# guest.sh runs in it.  SCRIPT sees its output appear here, may leave files in
# $OUT, and its exit code is ours.  The kernel is seen at work in 5 to 20 s.
#
#   -q          keep the kernel's log to yourself when SCRIPT fails
#   -t SECONDS  give up after so long (300)
#   -o DIR      the directory that gets what the guest left in $OUT; status, why
#               and kernel.log stay there (else all goes with the guest)
#   -r ROOT     where boot/vmlinuz-RELEASE is: what corpus_root prints (xz)
#   -p KMOD     the program that is /bin/kmod, /sbin/modprobe and the others
#   -m TREE     the directory to have as /lib/modules/RELEASE: see tree.sh
#   -a DIR      more files: DIR/x is /x in the guest
#   -b PROGRAM  a program of this machine, with its libraries, in /bin
#   -i IMAGE    the initramfs; the root above is on the disk /dev/vda then
#               (ext4), and the image has to find it
#   -d ROOT     the root of a system with systemd, to be on the disk in place
#               of ours; SCRIPT is a service of it.  ROOT is written to
#   -k WORDS    more words for the kernel's command line
#
# When SCRIPT did not come to its end there is no file "status", the file
# "why" holds the reason, and the exit code is 124 (out of time) or 125.

set -u

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=testsuite/lib/corpus.sh
. "$here/../lib/corpus.sh"
# shellcheck source=testsuite/lib/boot.sh
. "$here/../lib/boot.sh"

work=$(mktemp -d) || die "no temporary folder"
qemu=''
stop()
{
	[ -z "$qemu" ] || kill -s KILL "$qemu" 2>/dev/null
	qemu=''
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
root=$work/root
mkdir "$root" && cd "$root" &&
	mkdir bin sbin dev proc sys run tmp etc out lib lib/modules || exit 125
cd "$OLDPWD" || exit 125

# put_libraries PROGRAM: what ldd lists, at its own place.
put_libraries()
{
	for library in $(ldd "$1" 2>/dev/null |
		sed -n 's/.*[[:space:]]\(\/[^ ]*\) (0x.*/\1/p'); do
		[ -e "$root$library" ] || {
			mkdir -p "$root${library%/*}" &&
				cp -L "$library" "$root$library"
		} || die "$library: cannot be copied"
	done
}

put_program()
{
	cp -L "$1" "$root/bin/" && put_libraries "$1"
}

# put_tools KMOD: as Debian has them.
put_tools()
{
	cp -L "$1" "$root/bin/kmod" && put_libraries "$1" || exit 125
	for tool in modprobe insmod rmmod lsmod modinfo depmod; do
		ln -sf /bin/kmod "$root/sbin/$tool"
	done
	ln -sf kmod "$root/bin/lsmod"
}

quiet=0 limit=300 out='' kernel='' image='' words='' tree='' system=''
while getopts qt:o:r:p:m:a:b:i:d:k: opt; do
	case $opt in
	q) quiet=1 ;;
	t) limit=$OPTARG ;;
	o) out=$OPTARG ;;
	r) kernel=$OPTARG ;;
	p) put_tools "$OPTARG" ;;
	m) tree=$OPTARG ;;
	a) cp -a "$OPTARG/." "$root/" || exit 125 ;;
	b) put_program "$(command -v "$OPTARG")" || die "$OPTARG: no such program" ;;
	i) image=$OPTARG ;;
	d) system=$OPTARG ;;
	k) words=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage

command -v qemu-system-x86_64 >/dev/null ||
	die "qemu-system-x86_64 is not installed (Debian package qemu-system-x86)"
[ -f "$1" ] || die "$1: no such script"
kernel=${kernel:-$(corpus_root xz)} || die "no kernel"
release=$(corpus_release "$kernel")
busybox=$(corpus_deb busybox-static)/bin/busybox
[ -x "$busybox" ] || die "no busybox"
if [ "$tree" ]; then
	[ -f "$tree/modules.dep.bin" ] || die "$tree: no modules with an index"
	cp -a "$tree/." "$root/lib/modules/$release" || exit 125
fi

out=${out:-$work/out}
mkdir -p "$out" || die "$out: cannot be made"
out=$(cd "$out" && pwd)
rm -f "$out/status" "$out/why"

# All commands of busybox, except those named here and the module tools.  And
# not its shell: that one prefers its own modprobe to ours.
cp "$busybox" "$root/bin/busybox" || exit 125
for applet in $("$busybox" --list); do
	case $applet in
	modprobe | insmod | rmmod | lsmod | modinfo | depmod | sh | busybox) ;;
	*) [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet" ;;
	esac
done
cp -L /bin/dash "$root/bin/sh" &&
	put_libraries /bin/dash && cp "$here/guest.sh" "$root/init" &&
	ln -s /init "$root/sbin/init" && cp "$1" "$root/script" &&
	chmod 755 "$root/script" || exit 125
script=$1
shift
quoted "$@" >"$root/arguments"

pack_root()
{
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet)
}

# put_service: guest.sh as the last thing that the system starts.
put_service()
{
	cp "$root/init" "$root/script" "$root/arguments" "$system/" &&
		mkdir -p "$system/out" || return
	unit=$system/etc/systemd/system
	cat >"$unit/guest.service" <<-'END'
		[Unit]
		After=multi-user.target systemd-modules-load.service
		[Service]
		Type=oneshot
		ExecStart=/init
		TimeoutStartSec=infinity
	END
	mkdir -p "$unit/multi-user.target.wants" &&
		ln -sf ../guest.service "$unit/multi-user.target.wants"
}

set --
if [ "$system" ]; then
	put_service || die "$system: cannot be written to"
	root=$system words="init=/lib/systemd/systemd $words"
else
	words="init=/init $words"
fi
if [ "$image" ]; then
	# Unused parts of the file take no room.
	mke2fs -q -t ext4 -L guest -d "$root" "$work/disk" 2G >/dev/null ||
		die "no disk"
	set -- -drive "file=$work/disk,format=raw,if=virtio,cache=unsafe"
	words="root=/dev/vda rw $words"
else
	pack_root >"$work/image" || die "no initramfs"
	image=$work/image
fi

# The kernel speaks on the first serial line, the script on the second, and on
# the third, the files it leaves in $OUT.  Two processors in one thread: with
# a thread for each, qemu 7.2 can run an int3 that the kernel, altering its own
# code, has already taken out again, and the kernel dies of it.
mkfifo "$work/tty"
cat <"$work/tty" &
cat=$!
qemu-system-x86_64 -accel tcg,thread=single -smp 2 -m 768 \
	-nodefaults -no-user-config -no-reboot -display none -monitor none \
	-kernel "$kernel/boot/vmlinuz-$release" -initrd "$image" \
	-append "console=ttyS0 panic=-1 mitigations=off $words" "$@" \
	-chardev "file,id=log,path=$out/kernel.log" -serial chardev:log \
	-chardev "file,id=tty,path=$work/tty" -serial chardev:tty \
	-chardev "file,id=out,path=$work/out.tar" -serial chardev:out \
	</dev/null >"$work/host.log" 2>&1 &
qemu=$!
(
	trap 'kill $sleep; exit' TERM
	sleep "$limit" &
	sleep=$!
	wait $sleep
	echo "no end after $limit seconds" >"$out/why"
	kill -s KILL $qemu
) &
watcher=$!
{ wait "$qemu"; } 2>/dev/null # hush: "Killed"
code=$?
qemu=''
kill "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
wait "$cat"

[ ! -s "$work/out.tar" ] || tar -C "$out" -xf "$work/out.tar"
ended "$script" "the machine ended by itself, qemu with exit $code"
