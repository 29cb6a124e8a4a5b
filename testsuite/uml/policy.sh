#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# policy.sh - in the guest: what the configuration forbids is not loaded.
#
#   policy.sh TOOLS PEER
#
# boot with -k 'modprobe.mask=minix,nls-cp8*'
#
# Prints a transcript: "@ CASE", commands with their output and exit codes.
# "not ok ..." is a check that failed.

tools=$1
peer=$2
PATH=$tools:$PATH
conf=/etc/modprobe.d/test.conf
ko=/lib/modules/$(uname -r)/kernel
echo "$tools/modprobe" >/proc/sys/kernel/modprobe
mkdir /run/mnt
# shellcheck source=testsuite/uml/words.sh
. "$(dirname "$0")/words.sh"

# Somebody who hears what goes to syslog.
perl -MSocket -e '
	socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die;
	bind($s, pack_sockaddr_un("/dev/log")) or die "$!";
	open(my $to, ">", "/run/log") or die;
	$to->autoflush(1) if $to->can("autoflush");
	while (defined recv($s, my $text, 4096, 0)) { syswrite $to, "$text\n" }
' &
listener=$!
while [ ! -S /dev/log ]; do
	sleep 1
done

# This stands in the log, and it is the only line since the last time.
logged()
{
	sleep 1
	lines=0
	found=
	while IFS= read -r line; do
		lines=$((lines + 1))
		case $line in
		*"modprobe: NOTICE: policy: $1") found=1 ;;
		esac
		echo "log: $line"
	done </run/log
	: >/run/log
	[ -n "$found" ] || not_ok "logged: $1"
	[ "$lines" = 1 ] || not_ok "$lines lines in the log"
}

refused="could not insert 'macvtap': Operation not permitted"

# -------------------------------------------------------------------- masks

it masks a module by name, alias and path
conf mask tun virtio-net
run modprobe tun
want 1 "modprobe: ERROR: tun is masked ($conf:1)"
run modprobe -i -f tun
want 1
run modprobe "$ko/drivers/net/tun.ko"
want 1 "modprobe: ERROR: tun is masked ($conf:1)"
run modprobe virtio:d00000001v00001AF4
want 1 "modprobe: ERROR: virtio_net is masked ($conf:1)"
cp "$ko/drivers/net/tun.ko" /run/other.ko
run modprobe /run/other.ko
want 1
check "gone: tun virtio_net" gone tun virtio_net
run modprobe --ignore-mask tun
want 0
check "loaded: tun" loaded tun

it masks a dependency, and nothing is loaded
conf mask tap
run modprobe macvtap
want 1 "modprobe: ERROR: macvtap needs tap: tap is masked ($conf:1)" \
	"modprobe: ERROR: $refused"
check "gone: macvtap macvlan tap" gone macvtap macvlan tap
run modprobe --ignore-mask tap
run modprobe macvtap
want 0
check "loaded: macvtap" loaded macvtap

it leaves a masked softdep out, and a softdep that needs what is masked
conf mask tap tun
conf softdep dummy pre: tun macvtap macvlan
run modprobe dummy
want 0
check "loaded: dummy macvlan" loaded dummy macvlan
check "gone: tun macvtap tap" gone tun macvtap tap

it masks for a modprobe that an install command runs
conf mask tun
conf "install dummy modprobe tun && modprobe -i dummy"
run modprobe dummy
want 1 "modprobe: ERROR: tun is masked ($conf:1)"
run modprobe --ignore-mask dummy
want 1
check "gone: tun dummy" gone tun dummy

it masks what the kernel command line names
run modprobe -C /dev/null nls_cp855
want 1 "modprobe: ERROR: nls_cp855 is masked (kernel command line)"
run modprobe nls_cp737
want 0
: >/run/log
run mount -i -t minix /dev/null /run/mnt
check "gone: minix nls_cp855" gone minix nls_cp855
logged 'minix is masked (kernel command line); asked for: fs-minix'

it masks for the kernel
: >/run/log
conf mask vsock
run perl -e 'socket(my $s, 40, 1, 0) or print "$!"'
check "gone: vsock" gone vsock
logged "vsock_loopback needs vsock: vsock is masked ($conf:1); asked for: net-pf-40"
run modprobe --ignore-mask vsock
want 0
check "loaded: vsock" loaded vsock

it unloads and keeps what is masked
run modprobe dummy
conf mask dummy
run modprobe dummy
want 0
run modprobe -r dummy
want 0
check "gone: dummy" gone dummy

# ------------------------------------------------------------- install lines

it keeps a module with softdeps out by an install line
conf 'install dummy /bin/false'
conf softdep dummy pre: tun
run modprobe dummy
want 1 "modprobe: ERROR: dummy is forbidden by an install line ($conf:1)"
check "gone: dummy" gone dummy

it names the line that forbids a dependency
conf 'install tap /bin/false'
run modprobe macvtap
want 1 "modprobe: ERROR: macvtap needs tap, which is forbidden by an install line ($conf:1)" \
	"modprobe: ERROR: could not insert 'macvtap': Invalid argument"
check "gone: macvtap tap" gone macvtap tap

# ------------------------------------------------------------ the allow list

it loads what is listed, with what that needs
conf policy allow-listed
conf allow macvtap
run modprobe macvtap
want 0
check "loaded: macvtap macvlan tap" loaded macvtap macvlan tap
run modprobe -r macvtap
run modprobe tap
want 1 "modprobe: ERROR: tap is not allowed ($conf:1)"
check "gone: tap" gone tap

it refuses the kernel what is not listed
conf policy allow-listed
: >/run/log
run perl -e 'socket(my $s, 40, 1, 0) or print "$!"'
check "gone: vsock" gone vsock
logged "vsock_loopback is not allowed ($conf:1); asked for: net-pf-40"

it only logs with policy audit
conf policy audit
: >/run/log
run perl -e 'socket(my $s, 40, 1, 0) or print "$!"'
check "loaded: vsock" loaded vsock
logged "vsock_loopback would not be allowed ($conf:1); asked for: net-pf-40"

it tells what is blocked, and it is
conf mask dummy
conf 'install tun /bin/false'
run modprobe --check-policy dummy tun
want 0
run modprobe --check-policy dummy macvtap
want 1
run modprobe --check-policy dummy ext4
want 3

it lists what is loaded, and that list is enough
run modprobe -a macvtap dummy
run modprobe --generate-policy
want 0 'allow macvtap' 'allow macvlan' 'allow tap' 'allow dummy'
sed 's/^policy audit/policy allow-listed/' /run/said >/run/allow.conf
run modprobe -r macvtap dummy
cp /run/allow.conf $conf
run modprobe -a macvtap dummy
want 0
check "loaded: macvtap macvlan tap dummy" loaded macvtap macvlan tap dummy
run modprobe tun
want 1

kill $listener
