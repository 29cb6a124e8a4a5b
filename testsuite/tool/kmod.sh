#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# kmod.sh - one program with many names, and its own commands.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"

# without_help: what stands in front of the help text on either stream.
is_help()
{
	out_has "$1: usage" 'Usage:'
	for word in help list ${is_ours:+sign} static-nodes lsmod rmmod insmod \
		modinfo modprobe; do
		check "$1: names $word" grep -Eq "^  $word +[^ ]" "$tmp/.out"
	done
}

run kmod
is_status "kmod alone" 1
is_err "kmod alone" <<E
missing command
E
is_help "kmod alone"

run kmod bogus
is_status "an unknown command" 1
is_err "an unknown command" <<E
invalid command 'bogus'
E
is_help "an unknown command"

for args in help -h --help 'help extra'; do
	# shellcheck disable=SC2086 # words
	run kmod $args
	is_status "kmod $args" 0
	is_err "kmod $args" </dev/null
	is_help "kmod $args"
done

for old in insert remove load; do
	run kmod $old x
	is_status "kmod $old is no command" 1
done

run kmod --bogus list
is_status "an unknown option" 1
is_err "getopt names the program as it was called" <<E
$KMOD_DIR/kmod: unrecognized option '--bogus'
E

# Options in front of the command only.
run kmod help -V
is_status "options of kmod end at the command" 0
is_help "options of kmod end at the command"

# The name decides, whatever the path.
mkdir -p "$tmp/a/b"
ln -s "$KMOD_DIR/kmod" "$tmp/a/b/modinfo"
ln -s "$KMOD_DIR/kmod" "$tmp/a/b/lsmod2"
ran="other names"
check "a link in any folder is the command" \
	sh -c "'$tmp/a/b/modinfo' --help | grep -q modinfo"
"$tmp/a/b/lsmod2" >"$tmp/.out" 2>"$tmp/.err"
status=$?
ours && is_status "an unknown name does nothing" 1
is_out "an unknown name prints nothing" </dev/null
is_err "an unknown name says nothing" </dev/null

# Each tool has a help text that programs can read options from.
for tool in depmod insmod modinfo modprobe rmmod; do
	run "$tool" --help
	is_status "$tool --help" 0
	is_err "$tool --help" </dev/null
	out_has "$tool --help: usage" 'Usage:'
	check "$tool --help: one option in a line" \
		grep -Eq '^[[:blank:]]+-h, --help  +[^ ]' "$tmp/.out"
	run "$tool" -h
	is_status "$tool -h" 0
	run "$tool" --no-such-option
	is_status "$tool: an unknown option" 1
	is_err "$tool: an unknown option" <<E
$KMOD_DIR/$tool: unrecognized option '--no-such-option'
E
	is_out "$tool: an unknown option" </dev/null
done

for command in list sign static-nodes; do
	ours || continue
	run kmod "$command" --help
	is_status "kmod $command --help" 0
	cp "$tmp/.out" "$tmp/help"
	run kmod "$command" -h
	is "kmod $command -h" 0 <"$tmp/help"
done

# What was not written is reported (kmod: status 0, silence).
if ours && [ -c /dev/full ]; then
	ran="kmod help >/dev/full"
	"$KMOD_DIR/kmod" help >/dev/full 2>"$tmp/.err"
	status=$?
	is_status "a full disk" 1
	is_err "a full disk" <<E
kmod: ERROR: could not write to standard output: No space left on device
E
	ran="kmod help >&-"
	"$KMOD_DIR/kmod" help >&- 2>"$tmp/.err"
	status=$?
	is_status "a closed standard output" 1
	is_err "a closed standard output" <<E
kmod: ERROR: could not write to standard output: Bad file descriptor
E
	ran="kmod bogus >/dev/full 2>&-"
	"$KMOD_DIR/kmod" bogus >/dev/full 2>&-
	status=$?
	is_status "no descriptor for messages" 1
	ran="modinfo nothing.ko >/dev/full"
	"$KMOD_DIR/modinfo" --modname >/dev/full 2>"$tmp/.err"
	status=$?
	is_status "nothing printed, nothing lost" 1
	is_err "nothing printed, nothing lost" <<E
modinfo: ERROR: missing module or filename.
E
	ran="kmod help to a reader that went away"
	{ trap '' PIPE; "$KMOD_DIR/kmod" help 2>"$tmp/.err"; } | :
	is_err "a reader that goes away is no news" </dev/null
fi

done_testing
