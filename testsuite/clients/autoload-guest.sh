#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# autoload-guest.sh - in the guest of loads.sh: the kernel wants modules, and
# calls what /proc/sys/kernel/modprobe names: first a script that writes down
# the call, which then is the tool.
#
#   autoload-guest.sh [KMOD]

[ -z "$1" ] || mount --bind "$1" "$(realpath /bin/kmod)" || exit
cat >/run/modprobe <<'END'
#!/bin/sh
echo "$0 $*" >>/out/calls
exec /sbin/modprobe "$@"
END
chmod 755 /run/modprobe
# The guest's root is not the kernel's: its processes see the same mounts.
echo /run/modprobe >/proc/sys/kernel/modprobe

cat >/etc/modprobe.d/test.conf <<'END'
blacklist hfs
install bfs /bin/false
options dummy numdummies=0
options tun no_such_parameter=1
END

# ask NAME COMMAND...: its status, and the newly loaded modules.
ask()
{
	name=$1
	shift
	awk '{ print $1 }' /proc/modules | sort >/tmp/before
	"$@" >/tmp/said 2>&1 </dev/null
	echo "exit $?" >"/out/ask.$name"
	awk '{ print $1 }' /proc/modules | sort | comm -13 /tmp/before - \
		>>"/out/ask.$name"
}

for type in minix vfat iso9660 hfs bfs fuseblk udf overlay no-such-fs; do
	ask "mount-$type" mount -t "$type" /dev/no-such-disk /mnt
done
# Families: ATM PPPoX, key, CAN, TIPC, packet crypto, SCTP's protocol.
ask sockets python3 -c '
import socket
for family, kind, proto in ((24, 2, 0), (15, 3, 2), (29, 3, 1), (30, 5, 0),
                            (38, 5, 0), (2, 1, 132), (11, 1, 0), (16, 3, 21)):
    try:
        socket.socket(family, kind, proto)
    except OSError as e:
        print(family, e)'
ask crypto python3 -c '
import socket
for kind, name in (("hash", "sha512"), ("skcipher", "cbc(aes)"),
                   ("hash", "hmac(rmd160)"), ("skcipher", "no-such(aes)"),
                   ("aead", "gcm(aes)")):
    try:
        s = socket.socket(38, 5, 0)
        s.bind((kind, name))
    except OSError as e:
        print(name, e)'
for link in dummy veth vlan bridge no-such-link; do
	ask "link-$link" ip link add "$link-0" type "$link"
done
mknod /run/loop-control c 10 237
ask char-major-loop-control sh -c ': </run/loop-control'
mknod /run/tun c 10 200
ask char-major-tun sh -c ': </run/tun'
mknod /run/none c 240 7
ask char-major-none sh -c ': </run/none'
ask tcp-congestion sh -c 'echo vegas >/proc/sys/net/ipv4/tcp_congestion_control'
ask iptables iptables-legacy -t nat -L -n
ask iptables-match iptables-legacy -A INPUT -p tcp -m conntrack \
	--ctstate NEW -m limit --limit 1/s -j REJECT
ask ip6tables ip6tables-legacy -L -n
printf '\177NOT ELF' >/run/binary
chmod 755 /run/binary
ask binfmt /run/binary
