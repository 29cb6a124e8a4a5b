#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# messages.sh - where messages go, and what happens with closed descriptors.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
need_strace

cd "$tmp" || exit 99
mkmodule -m license=GPL x.ko
cp x.ko kept.ko

long=$(seq -s/ 1 800)
run insmod "$long"
says "a message longer than any buffer" 1 <<E
insmod: ERROR: could not load module $long: No such file or directory
E

run insmod "$(printf 'a\033[31m\rb\tc\177\303\244\302\2332J\2332J\304\233')"
ours && says "what a terminal would obey" 1 <<E
insmod: ERROR: could not load module a?[31m?b	c?ä$(printf '\302')?2J?2Jě: No such file or directory
E

# traced CALLS TOOL ARG...
traced()
{
	calls=$1 tool=$2
	shift 2
	ran="$tool $*"
	unleaked strace -qq -s 9999 -o .calls -e trace="$calls" "$KMOD_DIR/$tool" "$@" \
		>.out 2>.err </dev/null
	status=$?
}

# kmod writes a message in pieces.
traced write insmod "$long"
ours && check "a message is one write" test "$(grep -c 'write(2,' .calls)" = 1

traced connect,sendto,socket insmod nosuch.ko
is_status "without -s" 1
check "without -s syslog is left alone" test ! -s .calls

for option in -s --syslog; do
	traced connect insmod $option nosuch.ko
	ours && is "$option: silent here" 1 </dev/null
	ours && check "$option: syslog is asked" grep -q /dev/log .calls
done

ran="insmod 2>&-"
unleaked strace -qq -o .calls -e trace=connect "$KMOD_DIR/insmod" nosuch.ko \
	>.out 2>&- </dev/null
status=$?
# strace has no descriptor 2 itself then
is_status "no descriptor 2" 1
is_out "no descriptor 2" </dev/null
ours && check "no descriptor 2: syslog is asked" grep -q /dev/log .calls

ran="insmod with no descriptor"
"$KMOD_DIR/insmod" nosuch.ko <&- >&- 2>&-
status=$?
is_status "no descriptor at all" 1

# A file that is read must not become descriptor 1.
ran="modinfo >&-"
"$KMOD_DIR/modinfo" x.ko <&- >&- 2>.err
status=$?
ours && is_status "nowhere to print" 1
check "the module is not written to" cmp x.ko kept.ko
"$KMOD_DIR/modinfo" x.ko nosuch.ko <&- >&- 2>&-
check "nor with messages" cmp x.ko kept.ko

if ours; then
	# Output stands in front of later messages.
	ran="modinfo 2>&1"
	"$KMOD_DIR/modinfo" -l x.ko nosuch x.ko >.out 2>&1
	is_out "messages stand where they belong" <<E
GPL
modinfo: ERROR: Module nosuch not found.
GPL
E

	# A module must not command the terminal that it is shown on.
	# Latin-1's CSI is 0x9b, UTF-8's is 0xc2 0x9b; in e with caron it is none.
	mkmodule -m "$(printf 'license=G\033[31m\177\tL\nP\303\244\377\007')" \
		-m "$(printf 'author=\302\2332J\2332J\304\233\302\240')" \
		-m "$(printf 'parm=a\010:b\r')" tty.ko
	printf 'filename:       %s\n' "$tmp/tty.ko" >.raw
	printf 'license:        G\033[31m\177\tL\nP\303\244\377\007\n%s\n' \
		"author:         $(printf '\302\2332J\2332J\304\233\302\240')" >>.raw
	printf 'parm:           a\010:b\r\n' >>.raw
	run modinfo tty.ko
	is "bytes as they are for programs" 0 <.raw
	if command -v script >/dev/null && [ -z "${emulator:-}" ]; then
		ran="modinfo tty.ko, on a terminal"
		csi=$(printf '\2332J')
		tr '\033\177\007\010\r' '?????' <.raw |
			sed "s/$csi/?2J/g" >.tame
		for jobs in 1 2; do
			TERM=dumb script -qec "stty -opost
				'$KMOD_DIR/modinfo' -j $jobs tty.ko tty.ko" \
				/dev/null </dev/null >.out 2>.err
			status=$?
			cat .tame .tame >.want
			same "tame on a terminal, -j $jobs" stdout .out
		done
	fi

	# Nothing is called that is not needed.
	traced all modinfo -V
	case ${sanitizers:-}${coverage:-}:${library_modes:-} in
	:*=link*) ;; # ld.so makes ten calls a library
	:*) check "modinfo -V makes few calls" test "$(wc -l <.calls)" -le 40 ;;
	esac
fi

done_testing
