#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# version.sh - the version, as the programs that read it do.
#
# shellcheck disable=SC2016 # the inner shells expand
. "${top_srcdir:-.}/testsuite/tool/lib.sh"

shows_version()
{
	is_status "$ran succeeds" 0
	is_err "$ran complains about nothing" </dev/null
	check "$ran: line 1 is 'kmod version N'" \
		sh -c "sed 1q '$tmp/.out' | grep -Eqx 'kmod version [0-9]+'"
}
for tool in depmod insmod kmod lsmod modinfo modprobe rmmod; do
	case $tool in lsmod) ours || continue ;; esac # 30 refuses every option
	run "$tool" -V
	shows_version
	run "$tool" --version
	shows_version
done

run modinfo -V --nonsense nothing
is_status "the first of -V and a mistake wins" 0
run modinfo --nonsense -V
is_status "a mistake in front of -V is one" 1

run kmod --version
cp "$tmp/.out" "$tmp/version"

# tools/testing/selftests/kmod/kmod.sh: an old kmod, at most 19?
if command -v bash >/dev/null; then
	check "kselftest takes it for new enough" bash -c '
		KMOD_VERSION=$(awk "{print \$3}" "$0")
		[[ $KMOD_VERSION -le 19 ]] && exit 1 || exit 0' "$tmp/version"
	# dracut-init.sh: third word of every line, in arithmetic.
	check "dracut takes it for new enough" bash -c '
		V=$(cut -d" " -f3 <"$0")
		[[ $V -gt 3 ]]' "$tmp/version"
fi

# dkms: below 26 is broken.
check "dkms reads one number" sh -c '
	V=$(sed -n "s/kmod version \([0-9]\+\).*/\1/p" "$0")
	[ "$V" -ge 26 ]' "$tmp/version"

# SUSE's driver-check.sh looks at every line for a blank and a number.
check "SUSE reads one version" sh -c '
	set -- $(sed -rn "s/.* ([0-9]+)(\.([0-9]+)(.*)?)?/\1 \3/p" "$0")
	[ $# = 1 ] && [ "$1" -gt 3 ]' "$tmp/version"

if ours; then
	check "line 2 tells the features in their order" \
		sh -c "sed -n 2p '$tmp/version' |
			grep -Eqx '[+-]ZSTD [+-]XZ [+-]ZLIB [+-]OPENSSL'"
	check "line 3 is our own name and version" \
		sh -c "sed -n 3p '$tmp/version' |
			grep -Eqx 'libmod v[0-9]+\.[0-9]+\.[0-9]+'"
	check "there is no line 4" test "$(wc -l <"$tmp/version")" = 3
fi

done_testing
