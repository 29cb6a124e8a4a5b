#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# static-nodes.sh - kmod static-nodes, as systemd and init scripts call it.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
fake_kernel

cd "$tmp" || exit 99
release=$(uname -r)
tree=lib/modules/$release
mkdir -p "$tree" rw
cat >"$tree/modules.devname" <<E
# Device nodes to trigger on-demand module loading.
fuse fuse c10:229
tun net/tun c10:200
snd_timer snd/timer c116:33
snd_seq snd/seq c116:1
loop loop0 b7:0
  spaced   a/b/c   c1:2 and more
E

run_fake kmod static-nodes
is "for people" 0 <<E
Module: fuse
	Device node: /dev/fuse
		Type: character device
		Major: 10
		Minor: 229
Module: tun
	Device node: /dev/net/tun
		Type: character device
		Major: 10
		Minor: 200
Module: snd_timer
	Device node: /dev/snd/timer
		Type: character device
		Major: 116
		Minor: 33
Module: snd_seq
	Device node: /dev/snd/seq
		Type: character device
		Major: 116
		Minor: 1
Module: loop
	Device node: /dev/loop0
		Type: block device
		Major: 7
		Minor: 0
Module: spaced
	Device node: /dev/a/b/c
		Type: character device
		Major: 1
		Minor: 2
E
cp .out human

cat >tmpfiles <<E
c! /dev/fuse 0600 - - - 10:229
d /dev/net 0755 - - -
c! /dev/net/tun 0600 - - - 10:200
d /dev/snd 0755 - - -
c! /dev/snd/timer 0600 - - - 116:33
d /dev/snd 0755 - - -
c! /dev/snd/seq 0600 - - - 116:1
b! /dev/loop0 0600 - - - 7:0
d /dev/a/b 0755 - - -
c! /dev/a/b/c 0600 - - - 1:2
E
for form in --format=tmpfiles '--format tmpfiles' '-f tmpfiles' \
	'-f human --fo=tmpfiles' '-f tmpfiles ignored'; do
	# shellcheck disable=SC2086 # words
	run_fake kmod static-nodes $form
	is "$form" 0 <tmpfiles
done
run_fake kmod static-nodes -f devname
is "-f devname" 0 <<E
fuse fuse c10:229
tun net/tun c10:200
snd_timer snd/timer c116:33
snd_seq snd/seq c116:1
loop loop0 b7:0
spaced a/b/c c1:2
E
run_fake kmod static-nodes -f human
is "-f human" 0 <human

# Into a file, whose directories are made.
run_fake kmod static-nodes -f tmpfiles -o "$tmp/rw/a//b///c.conf"
is "-o" 0 </dev/null
check "-o: the file" cmp tmpfiles rw/a/b/c.conf
run_fake kmod static-nodes --format=devname --output=rw/a/b/c.conf
is "--output" 0 </dev/null
check "--output: the file is written anew" test "$(wc -l <rw/a/b/c.conf)" = 6
ln -s target rw/link
run_fake kmod static-nodes -f tmpfiles -o rw/link
is "-o through a link" 0 </dev/null
check "a link stays one" test -L rw/link
check "its target is written" cmp tmpfiles rw/target
mkdir rw/dir
run_fake kmod static-nodes -o rw/dir
says "-o a folder" 1 <<E
Error: could not create rw/dir - Is a directory
E
run_fake kmod static-nodes -o rw/target/x
is_status "-o below a file" 1
ours && is_err "-o below a file (30: Success)" <<E
Error: could not create parent directory for rw/target/x - Not a directory.
E
run_fake kmod static-nodes -o ''
says "-o nothing" 1 <<E
Error: could not create  - No such file or directory
E

run_fake kmod static-nodes -f bogus
is_status "an unknown format" 1
is_err "an unknown format" <<E
Unknown format: 'bogus'.
E
out_has "an unknown format" Usage:
for option in -h --help; do
	run_fake kmod static-nodes $option
	is_status "$option" 0
	for format in human tmpfiles devname; do
		out_has "$option names $format" $format
	done
done
run_fake kmod static-nodes --bogus
says "an unknown option" 1 <<E
static-nodes: unrecognized option '--bogus'
E

# Bad lines are reported and skipped.
printf '%s\n' '#' 'a b' '' 'd d5:6' 'e e x5:6' 'f f c5' 'good g c1:2' \
	>"$tree/modules.devname"
printf 'last l b3:4' >>"$tree/modules.devname"
run_fake kmod static-nodes -f devname
is_status "bad lines" 1
is_out "bad lines" <<E
good g c1:2
last l b3:4
E
is_err "bad lines" <<E
Error: invalid devname entry: a b
Error: invalid devname entry:$(printf ' ')
Error: invalid devname entry: d d5:6
Error: invalid devname entry: e e x5:6
Error: invalid devname entry: f f c5
E

# As scanf() reads numbers
printf 'a a c 1:2\nb b c1: +2 x\nc\tc\rc+1:2:3' >"$tree/modules.devname"
run_fake kmod static-nodes -f devname
is "blanks before numbers" 0 <<E
a a c1:2
b b c1:2
c c c1:2
E

if ours; then # numbers wrap in kmod, and any path is taken
	printf '%s\n' 'a b c4294967296:1' 'a b c-1:1' 'a b c1:-1' \
		'a b c1:99999999999999999999' 'a ../b c1:1' 'a b/.. c1:1' \
		'a ./b c1:1' 'a /b c1:1' 'a b/ c1:1' 'good ..b/b.. b4294967295:0' \
		"$(printf 'a\033[1m b c1:1')" >"$tree/modules.devname"
	run_fake kmod static-nodes -f tmpfiles
	is_status "no such node" 1
	is_out "no such node" <<E
d /dev/..b 0755 - - -
b! /dev/..b/b.. 0600 - - - 4294967295:0
E
	sed 's/^Error: invalid devname entry: //' .err >said
	check "each is told" test "$(wc -l <said)" = 10
	check "no control characters" grep -qF 'a?[1m b c1:1' said

	mkdir -p other/lib/modules/1.2.3
	long=$(seq -s _ 1 3000)
	echo "other $long c1:2" >other/lib/modules/1.2.3/modules.devname
	for form in "-b $tmp/other -k 1.2.3" \
		"--basedir=$tmp/other --set-version=1.2.3"; do
		# shellcheck disable=SC2086 # words
		run kmod static-nodes $form -f devname
		is "another tree, and a long line" 0 <<E
other $long c1:2
E
	done
fi

if ours && has_json; then
	printf 'tun net/tun c10:200\nnonsense\nl\303\251\377 "l" b7:0\n' \
		>"$tree/modules.devname"
	run_fake kmod static-nodes --json
	is_status "--json and a bad line" 1
	sed -i 1d "$tree/modules.devname"
	sed -i 1d "$tree/modules.devname"
	echo 'tun net/tun c10:200' >>"$tree/modules.devname"
	run_fake kmod static-nodes --json
	json "--json" 'd == [
		{"module": "l\u00e9\\xff", "node": "\"l\"", "type": "block",
			"major": 7, "minor": 0},
		{"module": "tun", "node": "net/tun", "type": "char",
			"major": 10, "minor": 200}]'
	cp .out json
	run_fake kmod static-nodes --json -o rw/json
	is "--json -o" 0 </dev/null
	check "--json -o: the file" cmp json rw/json
fi

: >"$tree/modules.devname"
run_fake kmod static-nodes -f tmpfiles
is "nothing in it" 0 </dev/null

rm "$tree/modules.devname"
run_fake kmod static-nodes -f tmpfiles -o rw/new/file
says "no modules.devname is no failure" 0 <<E
Warning: /$tree/modules.devname not found - ignoring
E
check "and nothing is made" test ! -e rw/new

if ours && [ -c /dev/full ]; then
	echo 'good g c1:2' >"$tree/modules.devname"
	run_fake kmod static-nodes -f devname -o /dev/full
	says "a full disk" 1 <<E
kmod: ERROR: could not write to /dev/full: No space left on device
E
fi

done_testing
