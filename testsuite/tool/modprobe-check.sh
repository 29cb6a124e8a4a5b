#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-check.sh - what --check-policy and --generate-policy say.
# shellcheck disable=SC2016 # for other shells
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
ours || skip "kmod does not have it"
fake_kernel
mkdir -p "$tmp/sys/module"
: >"$tmp/proc/modules"
cd "$tmp" || exit 99
file=$tmp/conf/test.conf

policy_of()
{
	modprobe_fake --check-policy "$@"
}

conf 'mask a' 'install p1 /bin/false' 'install c  /bin/false' 'alias x* s1' \
	'blacklist s1' 'alias p2 off' 'softdep p1 pre: s1' 'install virt run it'
policy_of a
is "a mask" 0 <<E
a: blocked by $file:1 (mask); kmod would load it
  by name: blocked by $file:1 (mask); kmod would load it
  by alias symbol:sym_a: blocked by $file:1 (mask); kmod would load it
  as a dependency of b: blocked by $file:1 (mask); kmod would load it
  as a dependency of c: blocked by $file:1 (mask); kmod would load it
  as a dependency of d_dash: blocked by $file:1 (mask); kmod would load it
  as a dependency of s2: blocked by $file:1 (mask); kmod would load it
E
policy_of p1 c
is "install lines" 0 <<E
p1: blocked by $file:2 (install /bin/false); kmod would load it
  by name: blocked by $file:2 (install /bin/false); kmod would load it
  by alias multi: blocked by $file:2 (install /bin/false); kmod would load it
c: blocked by $file:3 (install /bin/false); kmod would load it
  by name: blocked by $file:3 (install /bin/false); kmod would load it
  by alias symbol:sym_c: blocked by $file:3 (install /bin/false); kmod would load it
  as a dependency of d_dash: blocked by $file:3 (install /bin/false); kmod would load it
E
policy_of s1
is "ways that are open" 1 <<E
s1: loadable
  by name: open
  by alias x*: blocked by $file:5 (blacklist)
  as a softdep of p1: open
  as a softdep of c: blocked by $file:1 (mask of a); kmod would load it
E
policy_of p2
is "another name" 1 <<E
p2: loadable
  by name: blocked by $file:6 (it means off)
  by alias multi: open
E
policy_of virt
is "a command decides" 1 <<E
virt: loadable
  by name: decided by $file:8 (install run it)
E

# ---- states and statuses

# status WANT NAME...
status_is()
{
	want=$1
	shift
	policy_of "$@"
	is_status "$*" "$want"
	is_err "$*" </dev/null
}

status_is 0 a p1
status_is 1 a s1
status_is 3 a bi
status_is 2 a nosuch
status_is 3 nosuch bi a
status_is 1 s1 nosuch bi a
status_is 1 xyz
status_is 3 bi-alias
status_is 2 '[a' ''
policy_of ./nosuch.ko .x no-such.x
is_out "what is unknown is called as it was asked for" <<E
./nosuch.ko: unknown
.x: unknown
no-such.x: unknown
E
policy_of bi nosuch x-1 my-alias-d bi-alias
cp .out .all
grep -v '^ ' .all >.out
is_out "aliases mean modules" <<E
bi: built in
nosuch: unknown
s1: loadable
d_dash: blocked by $file:1 (mask of a); kmod would load it
bi: built in
E
mkdir sys/module/a
echo live >sys/module/a/initstate
policy_of a
is_status "loaded" 1
out_has "loaded" "a: already loaded, else blocked by $file:1 (mask)"
rm -r sys/module/a
modprobe --check-policy
says "no name" 1 <<'E'
modprobe: ERROR: missing parameters. See -h.
E
for option in -r -R --show-exports --generate-policy; do
	modprobe --check-policy $option a
	is_status "with $option" 1
	err_has "with $option" "exclude each other"
done

# ---- an allow list

conf 'policy allow-listed' 'allow c' 'install b echo' 'softdep s2 pre: p1'
policy_of s1 c p1
is "an allow list" 1 <<E
s1: blocked by $file:1 (policy allow-listed); kmod would load it
  by name: blocked by $file:1 (policy allow-listed); kmod would load it
  as a softdep of c: blocked by $file:1 (policy allow-listed); kmod would load it
c: loadable
  by name: open, listed by $file:2
  by alias symbol:sym_c: open, listed by $file:2
  as a dependency of d_dash: blocked by $file:1 (policy allow-listed of d_dash); kmod would load it
p1: blocked by $file:1 (policy allow-listed); kmod would load it
  by name: blocked by $file:1 (policy allow-listed); kmod would load it
  by alias multi: blocked by $file:1 (policy allow-listed); kmod would load it
  as a softdep of s2: blocked by $file:1 (policy allow-listed); kmod would load it
E
printf '%s\n' 'c 4096 0 - Live 0x0' 'zfs 4096 0 - Live 0x0 (POE)' >proc/modules
conf 'mask s1'
modprobe_fake --generate-policy
is "what is loaded" 0 <<E
# The loaded modules, and their dependencies in $dir.
# Modules not listed are logged; when the log stays empty, make it
# "policy allow-listed".
policy audit
allow a
allow b
allow c
# s1 is masked ($file:1)
allow s2
allow zfs
E
sed 's/^policy audit/policy allow-listed/' .out >conf/test.conf
policy_of -q c b a s2 zfs
is_status "the list is one" 1
out_has "the list is one" "c: loadable"
check "the list is one" test "$(grep -c '^[a-z0-9]*: loadable' .out)" = 4
echo 'options s1 x=1' >>conf/test.conf
modprobe_fake -n s1
is_status "and what is not there is not allowed" 1

# ---- JSON

conf 'mask p1' 'install s2 run "it"'
run_fake modprobe --json a
says "--json alone" 1 <<'E'
modprobe: ERROR: --json goes with -n, -D, -R, -c and --check-policy. See -h.
E
policy_of --json nosuch p1 s2
[ "$status" != 1 ] || ! grep -q jansson .err || {
	echo "JSON is not tested: no jansson here"
	done_testing
}
is "as JSON" 1 <<E
[
  {
    "asked": "nosuch",
    "module": "nosuch",
    "state": "unknown",
    "blocked": false,
    "rule": null,
    "kmod_loads": false,
    "ways": []
  },
  {
    "asked": "p1",
    "module": "p1",
    "state": "blocked",
    "blocked": true,
    "rule": {
      "kind": "mask",
      "file": "$file",
      "line": 1,
      "module": "p1",
      "command": null
    },
    "kmod_loads": true,
    "ways": [
      {
        "by": "name",
        "of": null,
        "outcome": "blocked",
        "barrier": "mask",
        "rule": {
          "kind": "mask",
          "file": "$file",
          "line": 1,
          "module": "p1",
          "command": null
        },
        "kmod_loads": true
      },
      {
        "by": "alias",
        "of": "multi",
        "outcome": "blocked",
        "barrier": "mask",
        "rule": {
          "kind": "mask",
          "file": "$file",
          "line": 1,
          "module": "p1",
          "command": null
        },
        "kmod_loads": true
      }
    ]
  },
  {
    "asked": "s2",
    "module": "s2",
    "state": "loadable",
    "blocked": false,
    "rule": null,
    "kmod_loads": true,
    "ways": [
      {
        "by": "name",
        "of": null,
        "outcome": "command",
        "barrier": null,
        "rule": {
          "kind": "install",
          "file": "$file",
          "line": 2,
          "module": "s2",
          "command": "run \\"it\\""
        },
        "kmod_loads": true
      },
      {
        "by": "softdep",
        "of": "c",
        "outcome": "command",
        "barrier": null,
        "rule": {
          "kind": "install",
          "file": "$file",
          "line": 2,
          "module": "s2",
          "command": "run \\"it\\""
        },
        "kmod_loads": true
      }
    ]
  }
]
E

done_testing
