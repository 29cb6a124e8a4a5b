#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# run.sh BUILDDIR - the packages, in Debian 12 systems of their own: they are
# made from a release, take the place of kmod in a running system, and give it
# back.
#
# Needs root and Debian's archive.  The parts are build.sh, which leaves the
# packages in $tmp/debs, and replace.sh, which installs them.

set -u
LC_ALL=C.UTF-8
export LC_ALL
unset MAKEFLAGS MAKELEVEL MFLAGS

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck source=scripts/lib/packages.sh
. "$top/scripts/lib/packages.sh"
# shellcheck source=testsuite/lib/chroot.sh
. "$top/testsuite/lib/chroot.sh"

[ $# = 1 ] || {
	sed -n '4,9s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
chroot_private "$0" "$@"
builddir=$(cd "$1" && pwd) || exit

tmp=$(mktemp -d) || exit
# shellcheck source=testsuite/lib/check.sh
. "$top/testsuite/lib/check.sh"
trap 'chroot_remove "$tmp/system"; rm -rf --one-file-system "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# no COMMAND...: it fails.
no()
{
	! "$@"
}

# system PACKAGE...: $root, a system that has them and may be changed.
system()
{
	base=$(chroot_base "$@") && chroot_copy "$base" "$tmp/system" || exit
	root=$tmp/system/root
}

# inside COMMAND...: in there.
inside()
{
	chroot_run "$root" "$@"
}

. "$here/build.sh"
chroot_remove "$tmp/system"
. "$here/replace.sh"

finish_suite packages
