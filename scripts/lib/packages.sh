# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# packages.sh - installs the Debian packages that are not there yet.
#
# To be read by a script:
#	. "$top/scripts/lib/packages.sh"
#	need_packages gcc make || exit

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# apt_get ARG...: waits for another apt-get to end, and asks nothing.
apt_get()
{
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
		-o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# missing_packages PACKAGE...: prints those that are not installed.
missing_packages()
{
	for package; do
		# A package that dpkg only remembers is "not-installed".
		case " $(dpkg-query -W -f '${db:Status-Status} ' "$package" \
			2>/dev/null)" in
		*\ installed\ *) ;;
		*) echo "$package" ;;
		esac
	done
}

need_packages()
{
	if ! command -v dpkg-query >/dev/null; then
		echo "Not a Debian system; needed are what Debian calls: $*" >&2
		return 0
	fi
	# shellcheck disable=SC2046 # one word each
	set -- $(missing_packages "$@")
	[ $# -gt 0 ] || return 0

	echo "Installing $*"
	apt_get install --no-install-recommends "$@" && return
	echo "Once more, with new lists"
	apt_get update && apt_get install --no-install-recommends "$@"
}
