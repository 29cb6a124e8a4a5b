#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-commands.sh - what users and the kernel say never becomes a command.
# shellcheck disable=SC2016 # for other shells
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
need_strace
fake_kernel
mkdir -p "$tmp/sys/module"
cd "$tmp" || exit 99

# traced MODPROBE-ARG...: programs that were started are in .calls
traced()
{
	tracer="strace -f -qq -s 400 -o $tmp/.calls -e trace=execve"
	tracer="$tracer,finit_module,init_module -e signal=none"
	tracer="$tracer -e inject=finit_module,init_module:retval=0"
	modprobe_fake "$@"
}

# ---- commands that do nothing start no shell

ours && while read -r wanted command; do
	conf "install a $command"
	traced a
	is_status "$command" "$wanted"
	[ "$wanted" = 0 ] ||
		err_has "$command" "Error running install command"
	check "$command: no shell" sh -c '! grep -q "execve(\"/bin/sh" .calls'
	check "$command: nothing is loaded" sh -c '! grep -q finit_module .calls'
done <<'E'
0 /bin/true
1 /bin/false
0 /usr/bin/true	
1 	/usr/bin/false
0 true
1 false
0 :
0 exit
0 exit 0
1 exit 1
1 exit 255
E
while read -r wanted command; do
	conf "install a $command"
	traced a
	is_status "$command" "$wanted"
	check "$command: a shell" grep -q 'execve("/bin/sh' .calls
done <<'E'
0 /bin/true; true
0 /bin/true x
1 /bin/false || false
0 exit 256
0 truefalse 2>/dev/null || true
0 /bin/../bin/true
E
ours && {
	conf 'remove p1 /bin/false'
	traced -r p1
	says "a remove command, too" 1 <<'E'
modprobe: FATAL: Error running remove command for p1
E
	check "a remove command: no shell" sh -c '! grep -q "execve(\"/bin/sh" .calls'
}
ours || done_testing

# ---- parameters

conf 'install a echo "<$CMDLINE_OPTS>"' \
	'install s1 printf "%s|" $CMDLINE_OPTS' \
	'install p1 echo $CMDLINE_OPTS' 'options p1 set=1'
mkdir none
while IFS= read -r word; do
	traced a "$word"
	is "as a whole: $word" 0 <<E
<$word>
E
	traced p1 "$word"
	is "among words: $word" 0 <<E
set=1 $word
E
	check "nothing was made by $word" test ! -e made
done <<'E'
x=$(touch${IFS}made)
x=`touch${IFS}made`
x=1;touch${IFS}made
x=1&&touch${IFS}made
x=1|touch${IFS}made
x=>made
x=${IFS+made}
x=$CMDLINE_OPTS
x="$MODPROBE_MODULE"
x='
x="
x=\
x=#
$CMDLINE_OPTS
E
traced a 'x=a
touch made' 'y=$(touch made)'
check "nothing was made by a newline" test ! -e made
traced s1 x=1 'y=2 3'
is_status "they are divided at blanks" 0
printf 'x=1|y="2|3"|' >.want
same "they are divided at blanks" stdout .out
traced a 'y=2 3'
is "a value with a blank has quotes" 0 <<'E'
<y="2 3">
E

# A command that hands them on gives the kernel what was given.
conf "install a $KMOD_DIR/modprobe -i a \$CMDLINE_OPTS" 'options a o="1 2"'
traced a x=1 'y=2 3' 'z=$(touch made)'
is_status "a command that hands them on" 0
check "a command that hands them on" grep -qF \
	'"o=\"1 2\" o=\"1 2\" x=1 y=\"2 3\" z=\"$(touch made)\"", 0)' \
	.calls

# ---- cycles

conf "install a echo x >>rings; $KMOD_DIR/modprobe a"
traced a
is_status "a command that runs itself" 1
check "20 times, and no more" test "$(wc -l <rings)" = 20
err_has "it is told" "Could not run install command 'echo x >>rings; \
$KMOD_DIR/modprobe a' for module a: it is run by such commands, 20 deep"
MODPROBE_DEPTH=20 traced a
is_status "20 times, and no more" 1
MODPROBE_DEPTH=19x traced a
check "20 times, and no more" test "$(wc -l <rings)" = 21
for depth in -1 99999999999999999999; do
	MODPROBE_DEPTH=$depth traced a
	check "no depth: $depth" test "$(wc -l <rings)" = 21
done

# ---- what a command finds open

# The kernel starts us with nothing open, and others with more than that.
conf "install p1 ls -l /proc/self/fd >$tmp/open"
for way in '<&- >&- 2>&-' '<&-' '>&-' '2>&-' '9</dev/zero'; do
	ran="modprobe $way"
	sh -c 'exec "$@" '"$way" sh "$KMOD_DIR/modprobe" -d root -S 6.6.6 \
		-C conf p1
	status=$?
	is_status "$way" 0
	check "$way: 0, 1 and 2" test "$(grep -c ' [012] -> ' open)" = 3
	check "$way: and not by chance" sh -c '! grep " [012] -> /proc" open'
	check "$way: no file of ours" sh -c '! grep "modules\|conf" open'
	case $way in
	9*) check "$way: what the caller gave" grep -q ' 9 -> /dev/zero' open ;;
	esac
done

# ---- names

# Whatever the kernel asks for, it is a name.
conf 'install [a-z]* touch made' 'install p2 touch "$MODPROBE_MODULE"'
mkmodule -m license=GPL x.ko
for name in "$tmp/x.ko" ./x.ko ../x.ko '$(touch made)' '`touch made`' \
	'; touch made' '-r' '--remove' '-C/' '*' '[' ']' '[a' '' ' ' '|' \
	"$(printf 'a\nb')" 'symbol:' 'symbol:*' ':' '%n%s' \
	"$(head -c 5000 /dev/zero | tr '\0' x)"; do
	rm -f made
	traced -q -- "$name"
	is "the kernel asks for $name" 1 </dev/null
	check "nothing was made or loaded by $name" sh -c \
		'test ! -e made && ! grep -q init_module .calls'
done
traced -q -- -- a
is_status "a second --" 1

# ---- the environment of another user

# Set-user-id programs obey no $MODPROBE_OPTIONS.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 .
	cp "$KMOD_DIR/modprobe" modprobe
	chmod 4755 modprobe
	set -- setpriv --reuid=65534 --regid=65534 --clear-groups
	case $(MODPROBE_OPTIONS=-V "$@" ./modprobe -d root -S 6.6.6 -R a 2>&1) in
	a) ;;
	*[Pp]ermission*) echo "set-user-id programs are not tested: no way there" ;;
	*) ran="set-user-id modprobe" && fail "options of another user" ;;
	esac
	chmod 755 modprobe
	case $(MODPROBE_OPTIONS=-V "$@" ./modprobe -d root -S 6.6.6 -R a 2>&1) in
	kmod*) ;;
	*[Pp]ermission*) ;;
	*) ran="modprobe" && fail "options of one's own" ;;
	esac
fi

done_testing
