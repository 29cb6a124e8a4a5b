#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# depmod-json.sh - the graph of depmod -n --json, read by python3.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own option"
has_json || skip "no jansson or no python3"

release=6.6.6
tree=$tmp/lib/modules/$release
mkdir -p "$tree/kernel"
mkmodule -x a_call "$tree/kernel/a.ko"
mkmodule -x b_call -u a_call "$tree/kernel/b-two.ko"
mkmodule -u b_call -u a_call "$tree/kernel/c.ko"
printf 'kernel/%s.ko\n' c a b-two >"$tree/modules.order"
: >"$tree/modules.builtin"
: >"$tree/modules.builtin.modinfo"

run depmod -n --json -b "$tmp" "$release"
json "who needs whom" 'd == [
	{"name": "c", "path": "kernel/c.ko", "depends": ["b_two", "a"],
		"loads": ["a", "b_two"]},
	{"name": "a", "path": "kernel/a.ko", "depends": [], "loads": []},
	{"name": "b_two", "path": "kernel/b-two.ko", "depends": ["a"],
		"loads": ["a"]}]'
check "nothing is written" test ! -e "$tree/modules.dep"
run depmod -n -v --json -b "$tmp" "$release"
json "-v adds nothing" 'len(d) == 3'
run depmod --json -b "$tmp" "$release"
says "without -n" 1 <<'E'
depmod: ERROR: --json goes with -n. See -h.
E
check "nothing is written then" test ! -e "$tree/modules.dep"

mkmodule -x a_call -u c_call "$tree/kernel/a.ko"
mkmodule -x c_call -u a_call "$tree/kernel/c.ko"
run depmod -n --json -b "$tmp" "$release"
is_status "a ring" 1
is_out "a ring" </dev/null
err_has "a ring" "Cycle detected"

mkdir "$tmp/lib/modules/7.7"
for file in order builtin builtin.modinfo; do
	: >"$tmp/lib/modules/7.7/modules.$file"
done
run depmod -n --json -b "$tmp" 7.7
json "an empty tree" 'd == []'
done_testing
