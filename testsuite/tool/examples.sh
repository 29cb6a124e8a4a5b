#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# examples.sh - the programs in README.md and libmod(3) build and work.

. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own pages"
[ -z "${emulator:-}" ] || skip "programs made here run here"

# program NAME FILE SED: builds what stands in FILE from its first #include on,
# up to the end of that block.
program()
{
	awk '/^```/ { inside = 0 }
		inside || /^#include/ { inside = 1; print }' "$2" |
		sed "$3" >"$tmp/$1.c"
	# shellcheck disable=SC2086 # words
	check "the example in ${2#"$top_srcdir/"} builds" \
		${CC:-cc} ${sanitizers:-} -std=c99 -Wall -Wextra -Werror \
		-I"$top_srcdir" -o "$KMOD_DIR/$1" "$tmp/$1.c" \
		-L"$top_builddir/libmod/.libs" \
		-Wl,-rpath,"$top_builddir/libmod/.libs" -lmod
}

# The manual page has every backslash twice.
program dry-run "$top_srcdir/README.md" ''
program loaded "$top_srcdir/man/libmod.3.scd" 's/\\\\/\\/g'

run loaded
case $status in
0) is_err "loaded modules" </dev/null ;;
1) err_has "a kernel without modules" /proc/modules ;;
*) fail "loaded ends with status $status" ;;
esac

tree=$tmp/lib/modules/6.0
mkdir -p "$tree"
run dry-run no_such_module "$tmp" 6.0
says "an unknown module" 1 <<E
there is no module no_such_module
E
run dry-run '[' "$tmp" 6.0
is_status "a query that makes no sense" 1
err_has "a query that makes no sense" '[: brackets do not pair'

need_depmod
mkmodule -x base_call "$tree/base.ko"
mkmodule -m alias=net-something -m 'softdep=pre: extra' -u base_call \
	"$tree/driver.ko"
mkmodule "$tree/extra.ko"
depmod -b "$tmp" 6.0 2>/dev/null || skip "depmod failed"

run dry-run net-something "$tmp" 6.0
is "the steps, and why" 0 <<E
load base, for driver
load extra, for driver ($tree/modules.softdep:2)
load driver, for net_something
E

mkdir -p "$tmp/run/modprobe.d"
echo 'install extra touch /none' >"$tmp/run/modprobe.d/a.conf"
run dry-run driver "$tmp" 6.0
is "the configuration is that of the image" 0 <<E
load base, for driver
run extra, for driver ($tree/modules.softdep:2)
load driver
E

echo 'mask base' >"$tmp/run/modprobe.d/a.conf"
run dry-run net-something "$tmp" 6.0
is_status "a masked dependency" 1
err_has "a masked dependency" "driver needs base: base is masked ($tmp/run"

done_testing
