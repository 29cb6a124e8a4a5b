#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# cases.sh - in the guest: what the tools say and do, case by case.
#
#   cases.sh TOOLS PEER FILES
#
# FILES holds what run.sh's make_files made.  boot with
#   -k 'drbd.minor_count=7 drbd.usermode_helper="/a b"'
#
# Prints a transcript that run.sh compares with that of the peer: "@ CASE",
# commands with their output and exit codes, what the kernel then has.
# "not ok ..." is a check that failed, whatever the other does.

tools=$1
peer=$2
files=$3
PATH=$tools:$PATH
conf=/etc/modprobe.d/test.conf

ko=/lib/modules/$(uname -r)/kernel
dummy=$ko/drivers/net/dummy.ko
macvlan=$ko/drivers/net/macvlan.ko
macvtap=$ko/drivers/net/macvtap.ko

# shellcheck source=testsuite/uml/words.sh
. "$(dirname "$0")/words.sh"

# ----------------------------------------------------------------- parameters

it passes numbers, truth values and words
run modprobe scsi_debug add_host=0 max_luns=0x10 removable=1 strict=n \
	inq_vendor=ACME zbc=none
want 0
param scsi_debug max_luns 16
param scsi_debug removable Y
param scsi_debug strict N
param scsi_debug inq_vendor ACME
param scsi_debug zbc none

it passes lists
run modprobe i2c-stub chip_addr=0x50,0x51 bank_reg=7 functionality=4096
want 0
param i2c_stub chip_addr 80,81,0,0,0,0,0,0,0,0
param i2c_stub bank_reg 7,0,0,0,0,0,0,0,0,0
param i2c_stub functionality 4096

it quotes a value with a blank
run modprobe -v drbd 'usermode_helper=/bin/true --say=it all'
want 0
param drbd usermode_helper '/bin/true --say=it all'

it leaves a quoted value as it is
run modprobe -v drbd 'usermode_helper="/bin/a b"' fault_rate=1
want 0
param drbd usermode_helper '/bin/a b'
param drbd fault_rate 1

it passes an empty value
run modprobe drbd usermode_helper=
want 0
param drbd usermode_helper ''

it lets the last word win: files, kernel command line, arguments
conf options drbd minor_count=5 proc_details=1
conf options drbd fault_count=3
run modprobe -v drbd minor_count=9
want 0
param drbd minor_count 9
param drbd proc_details 1
param drbd fault_count 3
param drbd usermode_helper '/a b'

it prefers the kernel command line to the files
conf options drbd minor_count=5
run modprobe drbd
want 0
param drbd minor_count 7

it reads only the configuration that -C names
conf options drbd proc_details=1
echo 'options drbd proc_details=4' >/run/other.conf
run modprobe -C /run/other.conf drbd
want 0
param drbd proc_details 4

it gives options to a module that is loaded as a dependency
conf options macvlan no_such=1
conf options tap no_such=2
run modprobe -v macvtap
want 0

it uses options that are given for the alias
conf alias my-net dummy
conf options my-net numdummies=3
run modprobe -v my-net
want 0
check "loaded: dummy" loaded dummy
nets

it ignores an unknown parameter, as the kernel does
run modprobe dummy no_such=1
want 0
check "loaded: dummy" loaded dummy

it reports a value that the kernel refuses
run modprobe dummy numdummies=many
want 1 "modprobe: ERROR: could not insert 'dummy': Invalid argument"
check "gone: dummy" gone dummy

# --------------------------------------------------------------------- insmod

it inserts a file with its parameters
run insmod "$dummy" numdummies=2
want 0
check "loaded: dummy" loaded dummy
nets

it inserts a file of any name, by a relative path
cp "$dummy" /run/other-name
run insmod ./other-name
want 0
check "loaded: dummy" loaded dummy

it inserts what depends on an inserted one
run insmod "$ko/net/llc/llc.ko"
run insmod "$ko/net/802/stp.ko"
want 0
mods

it says when a dependency is not there
run insmod "$macvtap"
want 1 "insmod: ERROR: could not insert module $macvtap: Unknown symbol in module"
check "gone: macvtap" gone macvtap

it says when the module is there already
run insmod "$dummy"
run insmod "$dummy"
want 1 "insmod: ERROR: could not insert module $dummy: File exists"

it says when a file is cut
for size in 5 6 63 64 1000 3000; do
	head -c $size "$dummy" >/run/cut.ko
	run insmod /run/cut.ko
done
want 1 'insmod: ERROR: could not insert module /run/cut.ko: Invalid module format'

it says when a file is no module
echo 'This is no module at all.' >/run/text.ko
run insmod /run/text.ko
want 1 'insmod: ERROR: could not insert module /run/text.ko: Invalid module format'
: >/run/empty.ko
run insmod /run/empty.ko
want 1
run insmod /run
want 1 'insmod: ERROR: could not insert module /run: Is a directory'

it says when a section header points nowhere
cp "$files/shstrndx.ko" /run
run insmod /run/shstrndx.ko
want 1 'insmod: ERROR: could not insert module /run/shstrndx.ko: Invalid module format'

it says when the kernel refuses a value
run insmod "$dummy" numdummies=many
want 1 "insmod: ERROR: could not insert module $dummy: Invalid parameters"

it says what the init function of the module answers
run insmod "$ko/fs/nls/nls_cp737.ko" x=1
run insmod "$ko/drivers/mtd/mtd.ko"
run insmod "$ko/drivers/mtd/mtdoops.ko"
want 1 "insmod: ERROR: could not insert module $ko/drivers/mtd/mtdoops.ko: Invalid parameters"

it says when there is no file
run insmod /run/no-such.ko
want 1 'insmod: ERROR: could not load module /run/no-such.ko: No such file or directory'
run insmod /run/said/x.ko
want 1 'insmod: ERROR: could not load module /run/said/x.ko: Not a directory'
run insmod ''
run insmod
want 1 'insmod: ERROR: missing filename.'

it says when it may not
run setpriv --bounding-set=-sys_module insmod "$dummy"
want 1 "insmod: ERROR: could not insert module $dummy: Operation not permitted"

it unpacks by content, not by name
cp "$files/dummy.ko.xz" /run/packed
run insmod /run/packed numdummies=2
want 0
check "loaded: dummy" loaded dummy
run rmmod dummy
cp "$files/dummy.ko.zst" /run/packed.ko
run insmod /run/packed.ko
want 0
check "loaded: dummy" loaded dummy

it says when a packed file is cut or damaged
for file in cut.ko.xz cut.ko.zst flipped.ko.xz flipped.ko.zst; do
	cp "$files/$file" /run
	run insmod "/run/$file"
	want 1
done
check "gone: dummy" gone dummy

# ---------------------------------------------------------------------- rmmod

it removes modules in the order of the arguments
run modprobe macvtap
run rmmod macvtap macvlan tap
want 0
mods

it takes a name with a dash, a path or a file name
run modprobe i2c-stub chip_addr=5
run rmmod i2c-stub
want 0
run modprobe dummy
run rmmod "$dummy"
want 0
check "gone: i2c_stub dummy" gone i2c_stub dummy

it keeps a module that another one uses
run modprobe macvtap
run rmmod macvlan
want 1 'rmmod: ERROR: Module macvlan is in use by: macvtap'
run rmmod tap macvlan macvtap
want 1
mods

it keeps a module that is in use
run modprobe tun
exec 3</dev/net/tun
run rmmod tun
want 1 'rmmod: ERROR: Module tun is in use'
run rmmod -f tun
want 1
run modprobe -r tun
want 1 'modprobe: FATAL: Module tun is in use.'
exec 3<&-
run rmmod tun
want 0

it waits no longer than it is told
run modprobe tun
exec 3</dev/net/tun
run rmmod -w10 tun
exec 3<&-

it waits until a module is free
run modprobe tun
sleep 1 3</dev/net/tun &
run rmmod -w20000 tun
wait

it takes a module on standard input
run insmod - numdummies=1 <"$dummy"
run rmmod dummy
head -c 99999999 "$dummy" | run insmod -
run rmmod dummy
head -c 99999999 "$files/dummy.ko.xz" | run insmod - numdummies=3
run test -e /sys/class/net/dummy2

it knows what is not loaded and what is built in
run rmmod no_such
want 1 'rmmod: ERROR: Module no_such is not currently loaded'
run rmmod dummy
want 1 'rmmod: ERROR: Module dummy is not currently loaded'
run rmmod ext4
want 1 'rmmod: ERROR: Module ext4 is builtin.'
run rmmod -f no_such
want 1
run rmmod /no/such/dummy.ko
want 1
run rmmod
want 1 'rmmod: ERROR: missing module name.'

it goes on after a module that it cannot remove
run modprobe -a dummy macvlan
run rmmod no_such dummy ext4 macvlan
want 1
check "gone: dummy macvlan" gone dummy macvlan

it says when it may not remove
run modprobe dummy
run setpriv --bounding-set=-sys_module rmmod dummy
want 1 'rmmod: ERROR: could not remove module dummy: Operation not permitted'
check "loaded: dummy" loaded dummy

# ------------------------------------------------------------- modprobe, load

it loads what the module needs first
run modprobe -v macvtap
want 0 "insmod $ko/drivers/net/macvlan.ko " "insmod $ko/drivers/net/macvtap.ko "
mods

it need not load what is there
run modprobe macvtap
run modprobe -v macvtap
want 0
run modprobe --first-time macvtap
want 1 "modprobe: ERROR: could not insert 'macvtap': Module already in kernel"
run modprobe -v ext4
want 0
run modprobe --first-time ext4
want 1

it does not know every name
run modprobe no-such
want 1 "modprobe: FATAL: Module no-such not found in directory /lib/modules/$(uname -r)"
run modprobe -q no-such
want 1
run modprobe -a dummy no-such tun
want 1 "modprobe: WARNING: Module no-such not found in directory /lib/modules/$(uname -r)"
check "loaded: dummy tun" loaded dummy tun
run modprobe
want 1

it loads by a device alias
run modprobe -v virtio:d00000001v00001AF4
want 0
check "loaded: virtio_net" loaded virtio_net
run modprobe -R virtio:d00000001v00001AF4
want 0 virtio_net

it loads nothing when it only shows
run modprobe -D macvtap
want 0 "insmod $ko/drivers/net/tap.ko " "insmod $ko/drivers/net/macvtap.ko "
run modprobe -n -v macvtap
want 0
check "gone: macvtap tap macvlan" gone macvtap tap macvlan

it says which dependency the kernel refuses
run modprobe kafs
want 1 "modprobe: ERROR: could not insert 'kafs': Address family not supported by protocol"
mods

it loads soft dependencies before and after
conf softdep dummy pre: tun post: macvtap
run modprobe -v dummy
want 0
mods
check "loaded: dummy tun macvlan macvtap" loaded dummy tun macvlan macvtap
run modprobe -rv dummy
want 0
check "gone: dummy tun macvtap" gone dummy tun macvtap

it does not mind a soft dependency that is not there
conf softdep dummy pre: no-such tun
run modprobe dummy
want 0
check "loaded: dummy tun" loaded dummy tun

it runs the command in place of the module
conf "install dummy echo \"I am \$MODPROBE_MODULE: \$CMDLINE_OPTS\"; modprobe -i dummy \$CMDLINE_OPTS"
conf options dummy numdummies=2
run modprobe -v dummy more=1
want 0
check "loaded: dummy" loaded dummy
nets

it passes the failure of a command on
conf install dummy exit 3
run modprobe dummy
want 1
check "gone: dummy" gone dummy
conf 'install tun echo no tap for you; false'
run modprobe tun
want 1
run modprobe -i tun
want 0
check "loaded: tun" loaded tun

it knows a module that is only a command
conf 'install my-thing echo done by a command'
run modprobe my-thing
want 0 'done by a command'

it runs the command to remove
conf "remove dummy echo \"bye \$MODPROBE_MODULE\"; rmmod dummy"
run modprobe dummy
run modprobe -rv dummy
want 0 'bye dummy'
check "gone: dummy" gone dummy

it does not load what is blacklisted by its alias
conf alias my-tap tun
conf blacklist tun
run modprobe my-tap
want 0
check "gone: tun" gone tun
run modprobe -b tun
want 0
check "gone: tun" gone tun
run modprobe tun
want 0
check "loaded: tun" loaded tun

it loads what is blacklisted as a dependency
conf blacklist macvlan
run modprobe macvtap
want 0
check "loaded: macvlan" loaded macvlan

it goes on after a bad line
conf 'alias onlyone'
conf 'frobnicate dummy'
conf options dummy numdummies=2
run modprobe dummy
want 0
nets

it says when modprobe may not
run setpriv --bounding-set=-sys_module modprobe dummy
want 1 "modprobe: ERROR: could not insert 'dummy': Operation not permitted"

# ----------------------------------------------------------- modprobe, remove

it removes what fell free
run modprobe macvtap
run modprobe -rv macvtap
want 0
mods

it leaves what others use
run modprobe -a macvtap macvlan tap
run modprobe -r macvlan
want 1 'modprobe: FATAL: Module macvlan is in use.'
mods

it removes what only freed dependencies used
run modprobe ebtable_filter
run modprobe -rv ebtable_filter
want 0
mods

it removes several
run modprobe -a dummy tun
run modprobe -r dummy tun
want 0
run modprobe -r dummy
want 0
run modprobe -r --first-time dummy
want 1
run modprobe -r no-such
want 1 'modprobe: FATAL: Module no-such not found.'
run modprobe -r ext4
want 1 'modprobe: FATAL: Module ext4 is builtin.'

it removes the users first when told to
run modprobe macvtap
run modprobe -rv --remove-holders tap
mods

it waits for a module in use
run modprobe tun
exec 3</dev/net/tun
sleep 1 &
exec 3<&-
run modprobe -r -w 20000 tun
want 0
check "gone: tun" gone tun
wait

it does not wait for ever
run modprobe tun
exec 3</dev/net/tun
# The peer says nothing, with exit code 0, and on a slow machine waits for ever.
if [ "$tools" != "$peer" ]; then
	run modprobe -r -w 50 tun >/dev/null
	want 1 "modprobe: ERROR: could not remove 'tun': Resource temporarily unavailable"
fi
exec 3<&-
check "loaded: tun" loaded tun

# ----------------------------------------------------------- the kernel's call

it is what the kernel calls for a file system
echo "$tools/modprobe" >/proc/sys/kernel/modprobe
mkdir /run/mnt
run mount -i -t minix /dev/null /run/mnt
check "loaded: minix" loaded minix

it is what the kernel calls, and it obeys the blacklist
conf blacklist minix
run mount -i -t minix /dev/null /run/mnt
check "gone: minix" gone minix

it is what the kernel calls for a socket
conf options vsock no_such=1
run perl -e 'socket(my $s, 40, 1, 0) or print "$!"'
check "loaded: vsock" loaded vsock
mods

it runs a command for the kernel
conf 'install vsock echo called >/run/called; exit 1'
run perl -e 'socket(my $s, 40, 1, 0) or print "$!"'
run cat /run/called
want 0 called
check "gone: vsock" gone vsock

it knows the aliases that the kernel uses
run modprobe -q -- fs-minix
run modprobe -q -- fs-minix
want 0
check "loaded: minix" loaded minix

# ------------------------------------------------------- what cannot be undone

it keeps a module that is permanent
run modprobe ipv6
want 0
run rmmod ipv6
run rmmod -f ipv6
run modprobe -r ipv6
want 1
check "loaded: ipv6" loaded ipv6

it says which dependency stays for ever
run modprobe rsa_generic
run modprobe -r rsa_generic
want 0
check "gone: rsa_generic asn1_decoder" gone rsa_generic asn1_decoder

it obeys when the kernel takes no more modules
run modprobe dummy
echo 1 >/proc/sys/kernel/modules_disabled
run insmod "$macvlan"
want 1 "insmod: ERROR: could not insert module $macvlan: Operation not permitted"
run modprobe macvtap
want 1
run rmmod dummy
want 1
run modprobe -r dummy
want 1
