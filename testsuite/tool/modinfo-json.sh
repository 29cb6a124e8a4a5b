#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo-json.sh - modinfo --json, read by python3.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own option"
has_json || skip "no jansson or no python3"
need_depmod

cd "$tmp" || exit 99
mkmodule -m license=GPL -m license=MIT -m 'parm=a:first' -m parmtype=a:int \
	-m parmtype=b:bool -m 'parm=c:only text' -m justakey -m =v -m a=b=c \
	-i 00ff10 -g 'A signer:0102:fffe' x.ko
run modinfo --json x.ko
json "all there is" 'd == [{
	"name": "x", "filename": "'"$tmp"'/x.ko", "builtin": False,
	"fields": {"license": ["GPL", "MIT"], "justakey": [""], "": ["v"],
		"a": ["b=c"]},
	"parameters": [
		{"name": "c", "type": None, "description": "only text"},
		{"name": "b", "type": "bool", "description": None},
		{"name": "a", "type": "int", "description": "first"}],
	"build_id": "00ff10",
	"signature": {"type": "X509", "signer": "A signer", "key": "0102",
		"hash": "sha256", "value": "fffe"}}]'
json "keys stand in the order of the page" 'list(d[0]) == ["name", "filename",
	"builtin", "fields", "parameters", "build_id", "signature"]'

mkmodule plain.ko
run modinfo --json plain.ko
json "nothing there" 'd == [{"name": "plain", "builtin": False,
	"filename": "'"$tmp"'/plain.ko", "fields": {}, "parameters": [],
	"build_id": None, "signature": None}]'

# only OPTION EXPRESSION: the rest of x.ko
only()
{
	# shellcheck disable=SC2086 # words
	run modinfo --json $1 x.ko
	json "--json $1" "d == [{\"name\": \"x\", $2}]"
}
only -l '"fields": {"license": ["GPL", "MIT"]}'
only '-F nosuch' '"fields": {}'
only -n '"filename": "'"$tmp/x.ko"'"'
only '-F parmtype' '"fields": {"parmtype": ["a:int", "b:bool"]}'
only '-F build-id' '"build_id": "00ff10", "fields": {}'
run modinfo --json -p x.ko
json "--json -p" 'list(d[0]) == ["name", "parameters"] and
	[p["name"] for p in d[0]["parameters"]] == ["c", "b", "a"]'
run modinfo --json -F signer x.ko
json "--json -F signer" 'd[0]["signature"]["signer"] == "A signer"'
run modinfo --json -0 x.ko
says "--json -0" 1 <<E
modinfo: ERROR: --json and --null exclude each other.
E

# Any bytes, in values and keys
all=$(printf '\\%03o' $(seq 1 255))
# shellcheck disable=SC2059 # that is the format
mkmodule -m "v=$(printf "$all")z" -m "$(printf 'k\200"\\=1')" \
	-m "$(printf 'k\200"\\=2')" -m "$(printf 'parm=p\377:t\303\251\303')" \
	-m "$(printf 'u=\355\240\200 \364\220\200\200 \300\200')" any.ko
run modinfo --json any.ko
json "any bytes" 'd[0]["fields"]["v"][0] == "".join(chr(i) for i in
	range(1, 128)) + "".join("\\x%02X" % i for i in range(128, 256)) + "z" or
	d[0]["fields"]["v"][0].lower() == ("".join(chr(i) for i in range(1, 128)) +
	"".join("\\x%02x" % i for i in range(128, 256)) + "z").lower()'
json "any bytes in keys" 'd[0]["fields"]["k\\x80\"\\"] == ["1", "2"]'
json "any bytes in parameters" 'd[0]["parameters"][0] == {"name": "p\\xff",
	"type": None, "description": "t\u00e9\\xc3"}'
json "no surrogates, nothing beyond, nothing overlong" '
	d[0]["fields"]["u"][0].lower() ==
	"\\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xc0\\x80"'

# What fails is missing, and told.
printf 'not a module at all, but long enough' >bad.ko
mkmodule -n none.ko
run modinfo --json bad.ko nosuch x.ko none.ko plain.ko
is_status "some fail" 1
is_err "some fail" <<E
modinfo: ERROR: could not get modinfo from 'bad': Exec format error ($tmp/bad.ko: not an ELF file)
modinfo: ERROR: Module nosuch not found.
modinfo: ERROR: could not get modinfo from 'none': No data available ($tmp/none.ko: no .modinfo section)
E
check "the others are there" python3 -c 'import json, sys
sys.exit([m["name"] for m in json.load(open(sys.argv[1]))] != ["x", "plain"])' .out
run modinfo --json nosuch
is_status "none" 1
is_out "none" <<E
[]
E

# By several threads, in order
set --
for i in $(seq 1 100); do
	mkmodule -m "description=$(seq -s, 1 $((i * 20)))" "m$i.ko"
	set -- "$@" "m$i.ko"
done
run modinfo -j 8 --json "$@"
json "a hundred, in order" '[m["name"] for m in d] ==
	["m%d" % i for i in range(1, 101)]'

# Built in, and an alias that means two
release=1.2.3-test
tree=$tmp/r/lib/modules/$release
mkdir -p "$tree/kernel"
mkmodule -m alias=both "$tree/kernel/one.ko"
mkmodule -m alias=both "$tree/kernel/two.ko"
echo kernel/inside.ko >"$tree/modules.builtin"
printf '%s\0' inside.license=GPL inside.parm=p:x >"$tree/modules.builtin.modinfo"
depmod -b "$tmp/r" "$release" 2>/dev/null
run modinfo -b "$tmp/r" -k "$release" --json inside both
json "built in" 'd[0] == {"name": "inside", "filename": None, "builtin": True,
	"fields": {"license": ["GPL"]}, "parameters": [
		{"name": "p", "type": None, "description": "x"}],
	"build_id": None, "signature": None}'
json "an alias that means two" 'sorted(m["name"] for m in d[1:]) == ["one", "two"]'

done_testing
