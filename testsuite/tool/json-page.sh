#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# json-page.sh - kmod-json(5) names the keys that the tools print, and no others,
# and the values are of the types that it says.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own page"
. "$top_srcdir/testsuite/tool/tree.sh"
has_json || skip "no jansson or no python3"
cd "$tmp" || exit 99
fake_kernel

# printed SECTION: the last run printed JSON, which belongs there.
printed()
{
	[ -s .out ] || fail "$1: it printed nothing"
	mkdir -p "seen/$1"
	cp .out "seen/$1/$(find "seen/$1" -type f | wc -l)"
}

printf '%s\n' 'a 1 1 b, Live 0x0' 'b 2 - - Live 0x0' \
	"$(printf 'c\377 3 -1 [permanent], Unloading 0x0 (O-)')" >proc/modules
run_fake lsmod --json
printed "LSMOD --JSON, KMOD LIST --JSON"

mkmodule -m license=GPL -m parm=x:text -m parmtype=x:int \
	-g 'The signer:aa01:bb02cc03' signed.ko
run modinfo --json ./signed.ko
printed "MODINFO --JSON"
mkdir -p sys/module/signed/parameters
echo 1 >sys/module/signed/parameters/x
run_fake modinfo -b "$tmp/root" -k 6.6.6 --live --json b bi
printed "MODINFO --LIVE --JSON"

conf 'alias x* b' 'softdep b post: s1' 'options b x=1' 'install p1 /bin/true' \
	'mask s2' 'blacklist b'
mkdir -p sys/module
modprobe_fake -R --json xy
printed "MODPROBE -R, -N AND -D --JSON"
modprobe_fake -n --json c
printed "MODPROBE -R, -N AND -D --JSON"
modprobe_fake -c --json
printed "MODPROBE -C --JSON"
modprobe_fake --check-policy --json a p1 s2
printed "MODPROBE --CHECK-POLICY --JSON"

run depmod -n --json -b "$tmp/root" 6.6.6
printed "DEPMOD -N --JSON"
echo 'tun net/tun c10:200' >"$dir/modules.devname"
run kmod static-nodes --json -b "$tmp/root" -k 6.6.6
printed "KMOD STATIC-NODES --JSON"

case "$("$KMOD_DIR/kmod" --version)" in
*+OPENSSL*)
	run modinfo --verify --json --keyring=system -b "$tmp/root" -k 6.6.6 \
		./signed.ko
	printed "MODINFO --VERIFY --JSON"
	;;
*) mkdir -p "seen/-MODINFO --VERIFY --JSON" ;;
esac

# Names of keys are bold.  Those at the beginning of a line are entries, each of
# which must be seen; of others (a rule is an object with ...) nobody can tell.
ran="the tools with --json"
python3 - "$top_srcdir/man/kmod-json.5.scd" seen <<'E' || fail "keys"
import json
import os
import re
import sys

page, seen = sys.argv[1:]
bold = r"\*([a-z_]+)\*"
types = {"string": str, "number": int, "boolean": bool, "array": list,
         "object": dict}
sections, title, code = {}, "", False
told = {}  # by section and key: the types that the page allows
entry = []  # keys that the text is about
for line in open(page, encoding="utf-8"):
    if line.startswith("```"):
        code = not code
    elif line.startswith("# ") and not code:
        title = line[2:].strip()
        sections[title] = (set(), set())
        entry = []
    elif "--JSON" in title and not code:
        entries, named = sections[title]
        named.update(re.findall(bold, line))
        if begins := re.match(rf"\t*{bold}(, {bold})*(:|$)", line):
            entry = re.findall(rf"{bold}", begins[0])
            entries.update(entry)
            line = line[begins.end():]
        elif not line.startswith("\t"):
            if line.strip():
                entry = []
        for key in entry:
            words = line.split()
            allowed = told.setdefault((title, key), set())
            first = re.sub("[^a-z]", "", words[0].lower()) if words else ""
            if not allowed and first:
                allowed.add(types.get(first.rstrip("s"), first))
            if "_null_" in line:
                allowed.add(type(None))


def keys(value):
    """All keys in there, but for names that the module gives itself."""
    if isinstance(value, list):
        for item in value:
            yield from keys(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            if key != "fields":
                yield from keys(item)


def wrong(title, value):
    """Keys whose values are of another type than the page says."""
    if isinstance(value, list):
        for item in value:
            yield from wrong(title, item)
    elif isinstance(value, dict):
        for key, item in value.items():
            allowed = told.get((title, key))
            if allowed and type(item) not in allowed:
                yield f"{key}: {item!r}"
            if key != "fields":
                yield from wrong(title, item)


status = 0
for (title, key), allowed in told.items():
    if not any(isinstance(t, type) and t is not type(None) for t in allowed):
        print(f"  {title}: no type of {key}")
        status = 1
found = {d.lstrip("-") for d in os.listdir(seen)}
wanted = {t for t in sections if "--JSON" in t}
for title in found ^ wanted:
    print(f"  in the page or in the tools only: {title}")
    status = 1
for title in found & wanted:
    if not os.path.isdir(f"{seen}/{title}"):
        continue
    got = set()
    for name in os.listdir(f"{seen}/{title}"):
        with open(f"{seen}/{title}/{name}", encoding="utf-8") as f:
            value = json.load(f)
        got.update(keys(value))
        for what in wrong(title, value):
            print(f"  {title}: not as the page says: {what}")
            status = 1
    entries, named = sections[title]
    for key in got - named:
        print(f"  {title}: not in the page: {key}")
        status = 1
    for key in entries - got:
        print(f"  {title}: only in the page: {key}")
        status = 1
sys.exit(status)
E
done_testing
