#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# json-bytes.sh - bytes that are not UTF-8, wherever they come from: every --json
# is UTF-8 all the same, and has them as kmod-json(5) says.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own page"
. "$top_srcdir/testsuite/tool/tree.sh"
has_json || skip "no jansson or no python3"
need_depmod
cd "$tmp" || exit 99
fake_kernel

# It stays, for python; so does the backslash that looks like one of ours.
bytes=$(printf 'x\377\303y\303\244\\x41"\001')
text='x\\xff\\xc3y\u00e4\\x41\"\x01'

# has TITLE COUNT: so many strings and keys of the last run have the text.
has()
{
	python3 - .out "$text" "$2" <<'E' && return
import json
import sys

path, escaped, wanted = sys.argv[1:]
with open(path, "rb") as f:
    value = json.loads(f.read().decode("utf-8"))
text = eval('"' + escaped + '"')


def count(value):
    if isinstance(value, list):
        return sum(map(count, value))
    if isinstance(value, dict):
        return sum(map(count, value)) + sum(map(count, value.values()))
    return isinstance(value, str) and text in value


found = count(value)
if found != int(wanted):
    print(f"  {found} times, not {wanted}")
sys.exit(found != int(wanted))
E
	fail "$1"
	cat .out .err
}

echo "$bytes 1 1 $bytes, Live 0x0" >proc/modules
run_fake lsmod --json
has "lsmod" 2

mkdir "$bytes"
mkmodule -m "$bytes=$bytes" -m "parm=$bytes:$bytes" -m "parmtype=$bytes:$bytes" \
	-g "$bytes:01:02" "$bytes/s.ko"
run modinfo --json "$bytes/s.ko"
has "modinfo" 7

case "$("$KMOD_DIR/kmod" --version)" in
*+OPENSSL*)
	run modinfo --verify --json --keyring=system -b "$tmp/root" -k 6.6.6 \
		"$bytes/s.ko"
	has "modinfo --verify" 1
	;;
esac

# Lines of modprobe.d lose their backslashes.
bytes=$(printf 'x\377\303y\303\244"\001')
text='x\\xff\\xc3y\u00e4\"\x01'
mkdir -p lib/modprobe.d sys/module/b/parameters
echo "options b p=$bytes" >"lib/modprobe.d/$bytes.conf"
echo "$bytes" >sys/module/b/parameters/p
echo live >sys/module/b/initstate
run_fake modinfo -b "$tmp/root" -k 6.6.6 --live --json b
has "modinfo --live" 3
rm -rf lib sys/module/*

conf "alias $bytes b" "options b p=$bytes" "install p1 echo $bytes"
modprobe_fake -R --json "$bytes"
has "modprobe -R" 2
modprobe_fake -D --json b "q=$bytes"
has "modprobe -D" 1
modprobe_fake -n --json p1
has "modprobe -n" 1
modprobe_fake -c --json
has "modprobe -c" 3
modprobe_fake --check-policy --json "$bytes"
has "modprobe --check-policy" 2

bytes=$(printf 'x\377\303y\303\244\\x41"')
text='x\\xff\\xc3y\u00e4\\x41\"'
echo "tun $bytes c10:200" >"$dir/modules.devname"
run kmod static-nodes --json -b "$tmp/root" -k 6.6.6
has "kmod static-nodes" 1

# depmod leaves out what has control characters or, as a name, is not ASCII.
new=$tmp/other/lib/modules/1.2.3
mkdir -p "$new/$bytes"
mkmodule "$new/$bytes/plain.ko"
for file in order builtin builtin.modinfo; do
	: >"$new/modules.$file"
done
run depmod -n --json -b "$tmp/other" 1.2.3
has "depmod -n" 1

done_testing
