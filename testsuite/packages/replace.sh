# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# replace.sh - in place of kmod, and back; read by run.sh after build.sh.
#
# shellcheck disable=SC2154,SC2016 # $root, $tmp; what inner shells expand

# A small kernel, initramfs-tools and dependants, one with a version.
system alsa-utils bash-completion initramfs-tools kmod pkg-config sysv-rc udev zstd

# state: what belongs to kmod in this system, one line a file.
state()
{
	(
		cd "$root" || exit
		for file in bin/kmod bin/lsmod sbin/depmod sbin/insmod sbin/lsmod \
			sbin/modinfo sbin/modprobe sbin/rmmod etc/init.d/kmod \
			etc/modules lib/modprobe.d/aliases.conf \
			usr/share/initramfs-tools/hooks/kmod \
			usr/share/man/man8/modprobe.8.gz \
			usr/share/man/man5/modules.5.gz \
			usr/share/bash-completion/completions/insmod* \
			usr/share/bash-completion/completions/lsmod* \
			usr/share/bash-completion/completions/modinfo* \
			usr/share/bash-completion/completions/modprobe* \
			usr/share/bash-completion/completions/rmmod* \
			usr/share/bash-completion/completions/kmod* \
			usr/share/pkgconfig/kmod.pc \
			etc/rc*.d/*kmod; do
			if [ -L "$file" ]; then
				echo "$file -> $(readlink "$file")"
			elif [ -e "$file" ]; then
				echo "$file $(stat -c '%a %U' "$file")" \
					"$(sha256sum <"$file")"
			fi
		done
	)
}

# status PACKAGE: as dpkg has it.
status()
{
	inside dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null ||
		echo unknown
}

# apt WHAT ARG...: apt-get does it, and takes nothing else away.
apt()
{
	what=$1
	shift
	check "$what" chroot_apt "$root" "$@"
	cp "$check_output" "$tmp/apt"
}

# removes PACKAGE...: exactly that was removed by the last apt.
removes()
{
	printf '%s\n' "$@" | grep . | sort >"$tmp/want"
	sed -n 's/^Removing \([^ :]*\).*/\1/p; s/^Purging configuration files for \([^ :]*\).*/\1/p' \
		"$tmp/apt" | sort -u >"$tmp/got"
	check "  removes: ${*:-nothing}" diff "$tmp/want" "$tmp/got"
}

# sound PACKAGE: all is configured, and its files are those of the package.
sound()
{
	inside dpkg --audit >"$tmp/audit" 2>&1
	check "  nothing is left half done" no grep . "$tmp/audit"
	check "  every dependency is met" chroot_apt "$root" check
	inside dpkg --verify "$1" 2>&1 | grep -v ' c /etc/init.d/kmod$' \
		>"$tmp/verify" # which is compared elsewhere
	check "  all files of $1 are there" no grep . "$tmp/verify"
}

triggered()
{
	check "  the initramfs is brought up to date" \
		grep -q 'Processing triggers for initramfs-tools' "$tmp/apt"
}

has_ours()
{
	inside /sbin/modprobe --version | grep '^libmod v'
}

is_ours()
{
	check "  the tools are ours" has_ours
}

is_kmods()
{
	check "  the tools are kmod's" no has_ours
}

# owns PACKAGE FILE
owns()
{
	inside dpkg-query -S "$2" | grep -v '^diversion' |
		grep -E "(^|, )$1(, [-a-z]*)*: "
}

# takes PACKAGE: it could be installed, with no other kmod.
takes()
{
	inside apt-get -s -o APT::Install-Recommends=false install "$1" \
		>"$tmp/simulated" 2>&1 || {
		cat "$tmp/simulated"
		return 1
	}
	no grep -E '^(Remv|Inst kmod )' "$tmp/simulated"
}

mkdir "$root/debs"
cp "$tmp"/debs/libmod2_*.deb "$tmp"/debs/libmod-tools_*.deb "$root/debs"
tools=/debs/$(cd "$root/debs" && echo libmod-tools_*.deb)
state >"$tmp/state.kmod"
check "kmod is there" grep -q '^bin/kmod ' "$tmp/state.kmod"

# ---- ours in, kmod out

echo loop >>"$root/etc/modules" # the administrator's
apt "libmod-tools in place of kmod" install "$tools"
removes kmod
sound libmod-tools
is_ours
triggered
check "  kmod is removed, its configuration remembered" \
	test "$(status kmod)" = config-files
check "  /etc/modules is as it was" grep -qx loop "$root/etc/modules"
for file in bin/kmod bin/lsmod sbin/modprobe etc/init.d/kmod \
	lib/modprobe.d/aliases.conf usr/share/initramfs-tools/hooks/kmod \
	usr/share/bash-completion/completions/modprobe; do
	check "  /$file is of libmod-tools" owns libmod-tools "/$file"
	check "  /$file is there" test -e "$root/$file" -o -L "$root/$file"
done
check "  the init script is ours" \
	cmp "$top/debian/system/kmod.init" "$root/etc/init.d/kmod"
check "  and may be started" test -x "$root/etc/init.d/kmod"
check "  it is started at boot" test -e "$(echo "$root"/etc/rcS.d/S*kmod)"
check "  pkg-config knows kmod" inside pkg-config --atleast-version=30 kmod
check "  bash-completion's file stands aside" test -e \
	"$root/usr/share/bash-completion/completions/modprobe.bash-completion"

# What depends on kmod is content with ours.
for package in dkms mdadm iptables bluez open-vm-tools dracut-core; do
	check "  $package could be installed, without kmod" takes $package
done

# ---- a kernel comes and goes

kernel=$(inside apt-cache depends linux-image-cloud-amd64 |
	sed -n 's/.*Depends: \(linux-image-6[^ ]*\).*/\1/p' | head -n 1)
release=${kernel#linux-image-}
apt "a kernel package: $kernel" install "$kernel"
removes
check "  its indexes are there" \
	test -s "$root/lib/modules/$release/modules.dep.bin" -a \
	-s "$root/lib/modules/$release/modules.builtin.alias.bin"
check "  modprobe finds its modules" inside \
	modprobe -S "$release" -D virtio_net
check "  its initramfs is there" test -s "$root/boot/initrd.img-$release"
check "  our program is in there" inside sh -c '
	rm -rf /tmp/image && unmkinitramfs "$0" /tmp/image &&
	kmod=$(find /tmp/image -name kmod -type f -path "*bin/kmod") &&
	cmp "$kmod" /bin/kmod && find /tmp/image -name modprobe -type l |
		grep -q . && find /tmp/image -name aliases.conf | grep -q .' \
	"/boot/initrd.img-$release"

apt "libmod-tools once more" install --reinstall "$tools"
removes
triggered
check "  by mkinitramfs" grep -q "Generating /boot/initrd.img-$release" "$tmp/apt"
apt "the kernel is purged" purge "$kernel"
find "$root/lib" -path "*/modules/*" >"$tmp/left"
check "  with all that depmod made" diff /dev/null "$tmp/left"
sound libmod-tools

# ---- back to kmod

state >"$tmp/state.ours"
apt "kmod in place of libmod-tools" install kmod
removes libmod-tools
sound kmod
is_kmods
triggered
sed -i '/^etc\/modules /d' "$tmp/state.kmod"
state | sed '/^etc\/modules /d' >"$tmp/state.back"
check "  every file is as it was" diff "$tmp/state.kmod" "$tmp/state.back"
check "  /etc/modules is as it was" grep -qx loop "$root/etc/modules"
check "  nothing is diverted" test -z \
	"$(inside dpkg-divert --list '*completion*')"
apt "libmod-tools is purged" purge libmod-tools
check "  kmod loses nothing" diff "$tmp/state.kmod" - <<E
$(state | sed '/^etc\/modules /d')
E
check "  nor does the administrator" grep -qx loop "$root/etc/modules"
sound kmod

# ---- what the administrator changed stays changed

echo '# mine' >>"$root/etc/init.d/kmod"
apt "libmod-tools, over a changed init script" install "$tools"
is_ours
check "  it stays changed" grep -qx '# mine' "$root/etc/init.d/kmod"
check "  and is started" test -x "$root/etc/init.d/kmod"

# ---- kmod is purged under ours

# Its script takes along what both use; README.Debian tells.
apt "the rest of kmod is purged" purge kmod
check "  dpkg-reconfigure mends what it broke" \
	inside dpkg-reconfigure libmod-tools
check "  there is an /etc/modules" test -e "$root/etc/modules"
sound libmod-tools
is_ours
check "  the init script stays" test -x "$root/etc/init.d/kmod"
check "  it is started at boot" test -e "$(echo "$root"/etc/rcS.d/S*kmod)"

# ---- and nothing is left of either

chroot_apt "$root" install kmod >/dev/null 2>&1
inside dpkg --purge --force-depends libmod-tools kmod >"$tmp/purge" 2>&1
state | grep -v '^usr/share/bash-completion' >"$tmp/state"
check "nothing is left of either" diff /dev/null "$tmp/state"
check "no folder of ours is left" test -z \
	"$(find "$root/usr/share/doc" "$root/etc" -name '*libmod-tools*')"
