#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo-sign.sh - what modinfo shows of a signature.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"

cd "$tmp" || exit 99

# The trailer of kernels before 4.3 has the fields in plain bytes.
mkmodule -m license=GPL -m parm=a:b \
	-g 'Some One:0102ff:000102030405060708090a0b0c0d0e0f1011121314' old.ko
run modinfo old.ko
is "an old signature" 0 <<E
filename:       $tmp/old.ko
license:        GPL
sig_id:         X509
signer:         Some One
sig_key:        01:02:FF
sig_hashalgo:   sha256
signature:      00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:
		14
parm:           a:b
E
for pair in sig_id=X509 'signer=Some One' sig_key=01:02:FF \
	sig_hashalgo=sha256; do
	run modinfo -F "${pair%%=*}" old.ko
	is "-F ${pair%%=*}" 0 <<E
${pair#*=}
E
done
run modinfo -l old.ko
is "-l" 0 <<E
GPL
E

# No (sound) trailer: the fields are left out, in silence.
n=$(wc -c <old.ko)
head -c $((n - 1)) old.ko >cut.ko
(cat old.ko; echo) >more.ko
cp old.ko block.ko
printf '\377' | dd of=block.ko bs=1 seek=$((n - 40)) conv=notrunc 2>/dev/null
for f in cut more block; do
	run modinfo $f.ko
	is "not signed: $f" 0 <<E
filename:       $tmp/$f.ko
license:        GPL
parm:           a:b
E
done

# A module that says so itself is not signed by that.
mkmodule -m signer=me -m signature=abc self.ko
run modinfo self.ko
is "fields of .modinfo with these names" 0 <<E
filename:       $tmp/self.ko
signer:         me
signature:      abc
E

command -v openssl >/dev/null || skip "the rest: no openssl here"
openssl req -x509 -newkey rsa:1024 -nodes -keyout key.pem -out cert.pem \
	-subj '/O=Org/CN=Test key \303\204' -utf8 -set_serial 0x80ff01 \
	-days 3650 2>openssl.err || skip "openssl makes no certificate"
# sign OPTION...: the message of scripts/sign-file over nothing.
sign()
{
	openssl cms -sign -binary -noattr -nocerts -signer cert.pem \
		-inkey key.pem -outform DER -in /dev/null "$@" >message.der \
		2>openssl.err || skip "openssl does not sign"
	mkmodule -m license=GPL -t message.der new.ko
}
for hash in sha1 sha224 sha256 sha384 sha512; do
	sign -md $hash
	run modinfo -F sig_hashalgo new.ko
	is "digest $hash" 0 <<E
$hash
E
done
sign -md sha256
run modinfo -F sig_id new.ko
is "its kind" 0 <<E
PKCS#7
E
run modinfo -F signer new.ko
is "the issuer's common name" 0 <<E
$(openssl x509 -in cert.pem -noout -issuer -nameopt multiline,utf8,-esc_msb |
	sed -n 's/^ *commonName *= //p')
E
run modinfo -F sig_key new.ko
is "the serial number" 0 <<E
80:FF:01
E
run modinfo -F signature new.ko
# The last 128 bytes of the message.
check "the signature's bytes" test "$(tr -d ':\n\t' <.out)" = \
	"$(tail -c 128 message.der | od -An -v -tx1 | tr -d ' \n' |
		tr a-f A-F)"

# To show it, no library is opened.
case ${emulator:-}:${library_modes:-} in
:*=link*) ;; # ld.so opens them
:*)
	for options in '' '-F license' '-F signature' -p -0; do
		if ! ours || ! strace -o /dev/null true 2>/dev/null; then
			break
		fi
		ran="modinfo $options new.ko"
		# shellcheck disable=SC2086 # words
		unleaked strace -f -o calls -e trace=openat \
			"$KMOD_DIR/modinfo" $options new.ko >.out 2>.err
		check "$ran: it was read" grep -q new.ko calls
		check "$ran: no libcrypto, no libjansson" test -z \
			"$(grep -e libcrypto -e libjansson calls)"
	done
	;;
esac

# kmod 34 names only the kind of an unreadable signature; 30 prints nothing.
head -c 50 message.der >cut.der
mkmodule -m license=GPL -t cut.der new.ko
run modinfo new.ko
ours && is "a message that is cut short" 0 <<E
filename:       $tmp/new.ko
license:        GPL
sig_id:         PKCS#7
signer:$(printf '%9s' '')
sig_key:$(printf '%8s' '')
sig_hashalgo:   unknown
signature:$(printf '%6s' '')
E

done_testing
