#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-json.sh - many names in one -R, and --json of -R, -n, -D and -c, read
# by python3.
# shellcheck disable=SC2016 # for other programs
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
ours || skip "about our own options"
. "$top_srcdir/testsuite/tool/tree.sh"
cd "$tmp" || exit 99
fake_kernel
conf '# one' 'alias my[a-c]* b' 'options b x=1' 'install virt echo $HOME' \
	'softdep b pre: s1' 'options b y=2' 'blacklist p1'
file=$tmp/conf/test.conf

# ---- -R -v: which word gave which module

modprobe -R -a multi my-alias-d mybee bi-alias a
is "-R is as ever" 0 <<E
p1
p2
d_dash
b
bi
a
E
modprobe -R -a -v multi my-alias-d mybee bi-alias a nosuch
is_status "-R -v" 1
is_out "-R -v" <<E
alias multi p1
alias multi p2
alias my-alias-d d_dash
alias mybee b
alias bi-alias bi
alias a a
E
if (need_strace) >/dev/null; then
	tracer="strace -f -qq -o $tmp/.calls -e trace=openat"
	modprobe_fake -R -a multi my-alias-d mybee bi-alias a multi bi virt
	tracer=
	grep -o 'modules\.[a-z.]*bin' .calls | sort | uniq -c |
		awk '{ print $1 }' | sort -u >.want
	echo 1 >.out
	same "each index is opened once" "how often" .out
	check "several are" grep -q modules.alias.bin .calls
fi

has_json || { echo "JSON is not tested: no jansson or no python3"; done_testing; }

# ---- --json

modprobe -R -a --json my-alias-d mybee nosuch virt multi
is_status "-R --json: an unknown one" 1
err_has "-R --json: an unknown one" "WARNING: Module nosuch not found"
status=0
: >.err
json "-R --json" 'd == [
	{"asked": "my-alias-d", "modules": [{"module": "d_dash", "by": "alias",
		"alias": "my_alias_d", "path": "'"$dir"'/kernel/d-dash.ko",
		"builtin": False, "rule": None}]},
	{"asked": "mybee", "modules": [{"module": "b",
		"by": "configured alias", "alias": "my[a-c]*",
		"path": "'"$dir"'/kernel/b.ko", "builtin": False,
		"rule": {"file": "'"$file"'", "line": 2}}]},
	{"asked": "nosuch", "modules": []},
	{"asked": "virt", "modules": [{"module": "virt", "by": "command",
		"alias": None, "path": None, "builtin": False,
		"rule": {"file": "'"$file"'", "line": 4}}]},
	{"asked": "multi", "modules": [
		{"module": m, "by": "alias", "alias": "multi",
			"path": "'"$dir"'/kernel/" + m + ".ko", "builtin": False,
			"rule": None} for m in ("p1", "p2")]}]'

modprobe_fake -D --json mybee 'q=a b'
json "-D --json" '[(s["action"], s["name"], s["by"], s["of"], s["options"])
	for s in d[0]["modules"][0]["steps"]] == [
	("load", "a", "dependency", "b", ""),
	("load", "s1", "softdep", "b", ""),
	("load", "b", "configured alias", "my[a-c]*", "x=1 y=2 q=\"a b\"")]'
json "rules of the steps" '[[s[k] and s[k]["line"]
	for k in ("rule", "command_rule", "options_rule")]
	for s in d[0]["modules"][0]["steps"]] == [
	[None, None, None], [5, None, None], [2, None, 3]]'
json "files of the rules" 'd[0]["modules"][0]["steps"][2]["options_rule"]
	["file"] == "'"$file"'"'
modprobe_fake -D --json virt
json "a command" '[(s["action"], s["path"], s["command"], s["command_rule"])
	for s in d[0]["modules"][0]["steps"]] == [("command", None, "echo $HOME",
	{"file": "'"$file"'", "line": 4})]'
modprobe_fake -n --json -a bi multi
json "built in, and blacklisted" '[(m["module"], m["builtin"],
	m["blacklist"] and m["blacklist"]["line"], [s["name"] for s in m["steps"]])
	for w in d for m in w["modules"]] == [
	("bi", True, None, []), ("p1", False, 7, []), ("p2", False, None, ["p2"])]'
mkdir -p sys/module/a
echo live >sys/module/a/initstate
modprobe_fake -n --json b
json "what is loaded is left out" '[s["name"]
	for s in d[0]["modules"][0]["steps"]] == ["s1", "b"]'
conf 'mask a'
modprobe_fake -D --json b
is_status "refused" 1
status=0
: >.err
json "refused" 'd[0]["modules"][0]["error"] ==
	"b needs a: a is masked ('"$file"':1)" and
	d[0]["modules"][0]["steps"] == [] and d[0]["modules"][0]["refused"] ==
	{"module": "a", "verdict": "masked",
		"rule": {"file": "'"$file"'", "line": 1}}'
conf 'mask a' 'softdep p1 pre: s2 s1 p2' 'policy audit' 'allow p1 p2'
modprobe_fake -D --json p1
json "softdeps" 'd[0]["modules"][0]["refused"] is None and
	[(s["action"], s["name"], s["verdict"], s["judged"], s["policy_rule"]["line"])
	for s in d[0]["modules"][0]["steps"]] == [
	("refused", "s2", "masked", "a", 1), ("load", "s1", "audited", "s1", 3),
	("load", "p2", "allowed", "p2", 4), ("load", "p1", "allowed", "p1", 4)]'

echo 'a.x=1' >proc/cmdline
conf 'options b  x=1 ' 'blacklist q' 'softdep b post: p1 pre: s1'
rm root/lib/modules/6.6.6/modules.softdep
modprobe_fake -c --json
json "-c --json" 'd["rules"] == [
	dict(kind=k, name=n, text=t, file=f, line=l) for k, n, t, f, l in (
	("blacklist", "q", None, "'"$file"'", 2),
	("options", "b", " x=1 ", "'"$file"'", 1),
	("options", "a", "x=1", "kernel command line", None),
	("softdep", "b", "pre: s1 post: p1", "'"$file"'", 3))]'
json "-c --json: aliases" 'len(d["aliases"]) == 7 and
	d["aliases"][1] == {"alias": "multi", "module": "p1"} and
	list(d) == ["rules", "aliases"]'

for words in a '-r a' '-r -n a' '--show-exports a'; do
	# shellcheck disable=SC2086 # words
	modprobe --json $words
	is_status "--json $words" 1
	err_has "--json $words" "--json goes with"
done

done_testing
