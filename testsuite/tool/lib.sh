# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# lib.sh - what the tests of the tools share; to be sourced first.
#
# Environment
#   KMOD_DIR      directory with the commands to test (modinfo, lsmod ...)
#   KMOD          or: the program to call by these names, default
#                 $top_builddir/src/kmod.  KMOD=/bin/kmod asks the oracle:
#                 where ours and kmod must agree, the same script proves both.
#   emulator      command that runs programs built for another machine:
#                 "qemu-s390x -L /usr/s390x-linux-gnu"; also in replay.sh
#   coverage      not empty: built with --coverage, so that system calls and
#                 instructions are not those of the program alone
#   top_srcdir    . by default
#   top_builddir  . by default
#
# A test is a list of
#
#	run modinfo -F license "$tmp/x.ko"
#	is "the licence alone" 0 <<E
#	GPL
#	E
#
# and ends with `done_testing`.  Statements that hold for us alone stand behind
# `ours &&`.  A skipped test exits 77.

set -u
LC_ALL=C
export LC_ALL
unset KMOD_LOG MODPROBE_OPTIONS POSIXLY_CORRECT
: "${top_srcdir:=.}" "${top_builddir:=.}"
top_srcdir=$(cd "$top_srcdir" && pwd) || exit 99
top_builddir=$(cd "$top_builddir" && pwd) || exit 99

status=
tmp=$(mktemp -d "${TMPDIR:-/tmp}/libmod-test.XXXXXX") || exit 99
tmp=$(cd "$tmp" && pwd -P)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
quiet=yes # the log is read when something failed
# shellcheck source=testsuite/lib/check.sh
. "$top_srcdir/testsuite/lib/check.sh"

if [ -z "${KMOD_DIR:-}" ]; then
	KMOD=${KMOD:-$top_builddir/src/kmod}
	KMOD=$(cd "$(dirname "$KMOD")" && pwd)/${KMOD##*/}
	KMOD_DIR=$tmp/.bin
	mkdir "$KMOD_DIR"
	for name in kmod depmod insmod lsmod modinfo modprobe rmmod; do
		if [ -z "${emulator:-}" ]; then
			ln -s "$KMOD" "$KMOD_DIR/$name"
			continue
		fi
		cat >"$KMOD_DIR/$name" <<E
#!/bin/sh
exec $emulator -0 "\$0" '$KMOD' "\$@"
E
		chmod 755 "$KMOD_DIR/$name"
	done
fi
KMOD_DIR=$(cd "$KMOD_DIR" && pwd) || exit 99

# Is it our program, and not the oracle?
ours()
{
	[ -n "$is_ours" ]
}
is_ours=$("$KMOD_DIR/kmod" --version | sed -n '/^libmod /p')

# can PROGRAM FEATURE: is the compressor installed, and the decoder built in?
can()
{
	command -v "$1" >/dev/null &&
		"$KMOD_DIR/kmod" --version | grep -q "+$2"
}

skip()
{
	[ "$failed" = 0 ] || done_testing
	echo "skipped: $*"
	exit 77
}

need()
{
	for program; do
		command -v "$program" >/dev/null || skip "no $program here"
	done
}

need_root()
{
	[ "$(id -u)" = 0 ] || skip "needs root"
}

# Debian's depmod, for indexes; it is in /sbin, which users have not in PATH.
depmod()
{
	PATH=/sbin:/usr/sbin:$PATH command depmod "$@"
}

need_depmod()
{
	(PATH=/sbin:/usr/sbin:$PATH && command -v depmod >/dev/null) ||
		skip "no depmod here"
}

mkmodule()
{
	# shellcheck disable=SC2086 # words
	${emulator:-} "$top_builddir/testsuite/tool/mkmodule" "$@" || exit 99
}

# run TOOL ARG...: standard output goes to $tmp/.out, standard error to
# $tmp/.err, the exit status to $status.
run()
{
	tool=$1
	shift
	ran="$tool $*"
	"$KMOD_DIR/$tool" "$@" >"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
}

# The kernel's files as a test wants them: $tmp/proc and $tmp/sys stand in place
# of /proc and /sys for commands run by `run_fake`.
fake_kernel()
{
	mkdir -p "$tmp/proc" "$tmp/sys/module" "$tmp/.proc"
	: >"$tmp/proc/cmdline"
	ln -s "$tmp/.proc/self" "$tmp/proc/self" # /dev/stdout leads there
	unshare -rm mount --bind "$tmp/proc" "$tmp/proc" 2>/dev/null ||
		skip "no mount namespaces for this user"
}

# unleaked COMMAND...: LeakSanitizer needs the real /proc and no tracer.
unleaked()
{
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 "$@"
}

# As run, under those of these directories that are there; files below $tmp/lib
# lies over /lib, read-only.  $tracer, when set, is a command to run it by.
run_fake()
{
	tool=$1
	shift
	ran="$tool $*"
	# shellcheck disable=SC2086,SC2016 # words; the inner shell expands
	unleaked ${tracer:-} unshare -rm sh -c '
		mount --rbind /proc "$0/.proc" || exit
		if [ -d "$0/lib" ]; then
			lib=$(readlink -f /lib)
			mount -t overlay -o "lowerdir=$0/lib:$lib" overlay \
				"$lib" || exit
		fi
		[ ! -e "$0/dev/null" ] || mount --bind /dev/null "$0/dev/null"
		for dir in etc run usr/local/lib dev sys proc; do
			[ ! -d "$0/$dir" ] || mount --rbind "$0/$dir" "/$dir" ||
				exit
		done
		exec "$@"' "$tmp" "$KMOD_DIR/$tool" "$@" \
		>"$tmp/.out" 2>"$tmp/.err" </dev/null
	status=$?
}

# kernel_says CALL ERROR: a tracer that answers a system call in place of the
# kernel (ERROR may be 0); the calls are written to $tmp/.calls.
kernel_says()
{
	case $2 in
	0) answer=retval=0 ;;
	*) answer=error=$2 ;;
	esac
	tracer="strace -f -qq -s 400 -o $tmp/.calls -e trace=$1"
	tracer="$tracer -e signal=none -e inject=$1:$answer"
}

need_strace()
{
	[ -z "${emulator:-}" ] || skip "calls would be those of the emulator"
	need strace
	strace -o /dev/null -e trace=none true 2>/dev/null ||
		skip "strace is not allowed here"
}

# The calls that the last traced run made, without what differs from run to run
# and from one strace to the next.
calls()
{
	sed -n 's/^[0-9]* *\([a-z_]*(.*)\) *=.*/\1/p' "$tmp/.calls" | sed '
		s/^finit_module([0-9]*,/finit_module(FD,/
		s/^init_module([^,]*,/init_module(IMAGE,/
		s/O_RDONLY|//
		s/O_TRUNC|O_NONBLOCK/O_NONBLOCK|O_TRUNC/'
}

is_called()
{
	cat >"$tmp/.want"
	calls >"$tmp/.made"
	same "$1" calls "$tmp/.made"
}

# fail TITLE: and the last run belongs to it.
fail()
{
	not_ok "$1"
	echo "  after: $ran"
}

# The last run ended with that status, printed what stands on standard input,
# and complained about nothing.
is()
{
	is_status "$1" "$2"
	is_out "$1"
	is_err "$1" </dev/null
}

# The last run ended with that status, printed nothing, and said what stands on
# standard input.
says()
{
	is_status "$1" "$2"
	is_err "$1"
	is_out "$1" </dev/null
}

is_status()
{
	[ "$status" = "$2" ] && return
	fail "$1"
	echo "  status $status, expected $2"
	sed 's/^/  stderr: /' "$tmp/.err"
}

# The same text as on standard input.
is_out()
{
	cat >"$tmp/.want"
	same "$1" stdout "$tmp/.out"
}

is_err()
{
	cat >"$tmp/.want"
	same "$1" stderr "$tmp/.err"
}

same()
{
	[ "${libc:-glibc}" = glibc ] || musl_words
	cmp -s "$tmp/.want" "$3" && return
	fail "$1"
	diff -u "$tmp/.want" "$3" | sed "1s/.*/--- expected/;2s/.*/+++ $2/" |
		cat -A
}

# The same text as the musl C library says it.
musl_words()
{
	sed -i "
		s/Operation not supported/Not supported/
		s/Input\/output error/I\/O error/
		s/Too many levels of symbolic links/Symbolic link loop/
		s/Package not installed/No error information/
		s/Cannot allocate memory/Out of memory/
		s/Device or resource busy/Resource busy/
		s/Too many open files$/No file descriptors available/
		s/unrecognized option '--\([^']*\)'/unrecognized option: \1/
		s/invalid option -- '\(.\)'/unrecognized option: \1/
		" "$tmp/.want"
}

# err_has TITLE TEXT: standard error has TEXT somewhere (fixed string).
err_has()
{
	printf '%s\n' "$2" >"$tmp/.want"
	[ "${libc:-glibc}" = glibc ] || musl_words
	grep -qF -f "$tmp/.want" "$tmp/.err" && return
	fail "$1"
	echo "  not on standard error: $2"
	cat "$tmp/.err"
}

out_has()
{
	grep -qF -e "$2" "$tmp/.out" && return
	fail "$1"
	echo "  not on standard output: $2"
	cat "$tmp/.out"
}

# Can --json be tested here?  jansson may be missing, and so may python3.
has_json()
{
	command -v python3 >/dev/null &&
		! "$KMOD_DIR/lsmod" --json 2>&1 | grep -q jansson
}

# json TITLE EXPRESSION: the last run ended with status 0, said nothing, and
# printed JSON; d, as python3 reads it, satisfies the expression.
json()
{
	is_status "$1" 0
	is_err "$1" </dev/null
	python3 - "$tmp/.out" "$2" <<'E' && return
import json
import sys

with open(sys.argv[1], "rb") as f:
    d = json.loads(f.read().decode("utf-8"))
sys.exit(not eval("(" + sys.argv[2] + ")", {"d": d}))
E
	fail "$1"
	echo "  not so: $2"
	cat "$tmp/.out"
}

done_testing()
{
	[ "$failed" = 0 ] || echo "$failed failed"
	[ "$failed" = 0 ]
	exit
}
