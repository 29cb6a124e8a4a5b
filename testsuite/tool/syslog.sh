#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# syslog.sh - messages that go to syslog arrive there: a socket of our own is
# /dev/log.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
need python3
cd "$tmp" || exit 99
fake_kernel
conf 'bad line'

mkdir -p dev
: >dev/null
cat >listen.py <<'E'
import os, socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("dev/log")
os.chmod("dev/log", 0o666)
print("ready", flush=True)
while True:
    text = log.recv(65536)
    if text == b"end":
        break
    with open("heard", "ab") as f:
        f.write(text.rstrip(b"\0\n") + b"\n")
E
cat >end.py <<'E'
import socket
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"end", "dev/log")
E

# told TOOL ARG...: what syslog heard of that run is in ./heard, without time
told()
{
	rm -f dev/log heard
	: >heard
	mkfifo ready
	python3 listen.py >ready &
	listener=$!
	read -r _ <ready
	rm ready
	run_fake "$@"
	python3 end.py
	wait "$listener"
	# "<PRIORITY>MON DD HH:MM:SS PROGRAM: TEXT"
	sed 's/^\(<[0-9]*>\)[A-Z][a-z]* *[0-9]* [0-9:]* /\1/' heard >.heard
}

hears()
{
	cat >.want
	same "$1" syslog .heard
}

m="-d $tmp/root -S 6.6.6 -C $tmp/conf"
# shellcheck disable=SC2086 # words
{
	told modprobe $m -s nosuch
	ours && says "modprobe -s: silent here" 1 </dev/null
	ours && hears "modprobe -s" <<E
<28>modprobe: WARNING: $tmp/conf/test.conf line 1: ignoring bad line starting with 'bad'
<26>modprobe: FATAL: Module nosuch not found in directory $dir
E
	told modprobe $m -s -a nosuch
	ours && hears "the level is the message's own" <<E
<28>modprobe: WARNING: $tmp/conf/test.conf line 1: ignoring bad line starting with 'bad'
<28>modprobe: WARNING: Module nosuch not found in directory $dir
E
	ours || done_testing
	told modprobe $m -s -q nosuch
	says "-s -q" 1 </dev/null
	hears "-s -q: nothing" </dev/null
	told modprobe $m -s -n b
	is "what is printed is no message" 0 <<E
insmod $dir/kernel/a.ko 
insmod $dir/kernel/b.ko 
E
	told modprobe $m nosuch
	hears "without -s: nothing" </dev/null
	MODPROBE_OPTIONS=-s
	export MODPROBE_OPTIONS
	told modprobe $m -r nosuch
	hears "-s from the environment" <<E
<28>modprobe: WARNING: $tmp/conf/test.conf line 1: ignoring bad line starting with 'bad'
<26>modprobe: FATAL: Module nosuch not found.
E
	unset MODPROBE_OPTIONS
}
for tool in insmod rmmod; do
	told $tool -s nosuch
	says "$tool -s: silent here" 1 </dev/null
	check "$tool -s" grep -q "^<27>$tool: ERROR: .*nosuch" .heard
done

# Nobody listens: no message, but no hang and the same status.
rm -f dev/log
# shellcheck disable=SC2086 # words
run_fake modprobe $m -s nosuch
is_status "nobody listens" 1

done_testing
