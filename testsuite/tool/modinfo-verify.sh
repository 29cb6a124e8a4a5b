#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo-verify.sh - what modinfo --verify thinks of signatures.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/signing.sh"

cd "$tmp" || exit 99

certificate rsa -newkey rsa:2048
certificate ec -newkey ec -pkeyopt ec_paramgen_curve:P-256
certificate small -newkey rsa:1024
mkmodule -m license=GPL -m parm=a:b plain.ko

key_of()
{
	openssl x509 -in "$1.pem" -noout -serial |
		sed 's/.*=//; s/../&:/g; s/:$//'
}

# verdict TITLE STATUS NAME LINE [OPTION...]: of x.ko, by rsa.pem and ec.pem
# unless options name others.
verdict()
{
	title=$1 want=$2 line=$3
	shift 3
	[ $# -gt 0 ] || set -- --keyring=rsa.pem --keyring=ec.pem
	run modinfo --verify "$@" x.ko
	is "$title" "$want" <<L
$tmp/x.ko: $line
L
}

# ---- valid

for how in rsa-sha224 rsa-sha256 rsa-sha384 rsa-sha512 rsa-sha3-256 \
	rsa-sha3-512 ec-sha224 ec-sha256 ec-sha384 ec-sha512; do
	signer=${how%%-*} hash=${how#*-}
	signed "$signer" plain.ko x.ko -md "$hash"
	verdict "$how" 0 "valid ($signer, key $(key_of "$signer"), $hash)"
done
signed rsa plain.ko x.ko
openssl x509 -in rsa.pem -outform DER -out rsa.der
openssl x509 -in ec.pem -outform DER -out ec.der
valid="valid (rsa, key $(key_of rsa), sha256)"
verdict "a certificate in DER" 0 "$valid" --keyring rsa.der
cat ec.der rsa.der >both.der
verdict "several in DER" 0 "$valid" --keyring both.der
(echo "a text in front"; cat ec.pem; echo; sed 's/$/\r/' rsa.pem) >both.pem
verdict "several in PEM" 0 "$valid" --keyring both.pem
cat rsa.key rsa.pem >with-key.pem
verdict "beside its key" 0 "$valid" --keyring with-key.pem
mkdir folder folder/below
cp rsa.der folder/a.x509
cp rsa.key folder/b.pem
echo text >folder/README
: >folder/empty
mkfifo folder/fifo
ln -s nowhere folder/dangling
verdict "a folder with other things in it" 0 "$valid" --keyring folder
run modinfo --verify --keyring=rsa.pem -0 x.ko
check "-0 ends lines with NUL" test "$(tr '\0' '\n' <.out)" = "$tmp/x.ko: $valid"

# Named by key id, as sign-file -k has it.
signed rsa plain.ko x.ko -keyid
own_id=$(openssl x509 -in rsa.pem -noout -ext subjectKeyIdentifier |
	sed -n 's/^ *\([0-9A-F:]*\)$/\1/p')
verdict "by key id" 0 "valid (rsa, key $own_id, sha256)"

# Compressed: the signature lies inside.
signed rsa plain.ko x.ko
for codec in 'gzip gz GZ' 'xz xz XZ' 'zstd zst ZSTD'; do
	# shellcheck disable=SC2086 # words
	set -- $codec
	command -v "$1" >/dev/null || continue
	case "$("$KMOD_DIR/kmod" --version)" in
	*-"$3"*) continue ;;
	*-ZLIB*) [ "$1" != gzip ] || continue ;;
	esac
	"$1" -c <x.ko >"x.ko.$2"
	run modinfo --verify --keyring=rsa.pem "x.ko.$2"
	is "compressed with $1" 0 <<L
$tmp/x.ko.$2: $valid
L
done

# ---- several modules: all must be valid

cp x.ko good.ko
signed ec plain.ko other.ko
run modinfo --verify --keyring=rsa.pem good.ko other.ko plain.ko good.ko
is "one line each, in order" 1 <<L
$tmp/good.ko: $valid
$tmp/other.ko: unknown signer: no certificate of this signer (ec, key \
$(key_of ec), sha256)
$tmp/plain.ko: unsigned
$tmp/good.ko: $valid
L
run modinfo --verify --keyring=rsa.pem good.ko nosuch.ko good.ko
is_status "one that is not there" 1
err_has "one that is not there" "nosuch.ko not found"
check "the others all the same" test "$(grep -c ': valid' .out)" = 2

# ---- altered

altered="altered: the signature does not fit the module (rsa, key \
$(key_of rsa), sha256)"
size=$(($(wc -c <plain.ko)))
for at in 0 1 17 $((size / 2)) $((size - 1)); do
	flip good.ko "$at" x.ko
	verdict "a byte of the module, $at" 1 "$altered"
done
flip good.ko $(($(wc -c <good.ko) - 41)) x.ko
verdict "the last byte of the signature" 1 "$altered"
(head -c 100 good.ko; tail -c +102 good.ko) >x.ko
verdict "a byte less" 1 "$altered"
(head -c 100 good.ko; printf x; tail -c +101 good.ko) >x.ko
verdict "a byte more" 1 "$altered"

# No bit of message and trailer may change without notice.
from_byte=$size to_byte=$(($(wc -c <good.ko) - 1)) missed=0
at=$from_byte
while [ "$at" -le "$to_byte" ]; do
	bit=$((1 << at % 8)) flip good.ko "$at" "flip-$at.ko"
	at=$((at + 1))
done
"$KMOD_DIR/modinfo" --verify --keyring=rsa.pem flip-*.ko >.out 2>.err
ran="modinfo --verify flip-*.ko"
check "every byte was looked at" test "$(wc -l <.out)" = \
	$((to_byte - from_byte + 1))
missed=$(grep -c ': valid' .out)
check "no changed byte of the signature is valid" test "$missed" = 0
rm -f flip-*.ko

# Signed by a key of the same name and number.
mkdir twin
(cd twin && certificate rsa -newkey rsa:2048 -set_serial \
	"0x$(key_of ../rsa | tr -d :)") || exit 99
cp good.ko x.ko
verdict "another key under the same name" 1 "$altered" \
	--keyring=twin/rsa.pem
verdict "both keys" 0 "$valid" --keyring=twin/rsa.pem --keyring=rsa.pem

# Off and on again: bytes after the end of another module's.
tail -c +$((size + 1)) good.ko >trailer
mkmodule -m license=GPL -m parm=c:d b.ko
cat b.ko trailer >x.ko
verdict "the signature of another module" 1 "$altered"
head -c "$size" good.ko >x.ko
verdict "taken off" 1 unsigned
cat good.ko trailer >x.ko
verdict "twice the same" 1 "$altered"
signed ec good.ko x.ko
verdict "signed twice: the last counts" 0 "valid (ec, key $(key_of ec), sha256)"
verdict "signed twice: not the first" 1 "unknown signer: no certificate of \
this signer (ec, key $(key_of ec), sha256)" --keyring=rsa.pem

# ---- weak, expired

for hash in sha1 md5; do
	signed rsa plain.ko x.ko -md $hash
	verdict "$hash" 1 "weak: the digest $hash is broken (rsa, key \
$(key_of rsa), $hash)"
done
signed small plain.ko x.ko
verdict "RSA of 1024 bits" 1 "weak: a key of 1024 bits can be broken (small, \
key $(key_of small), sha256)" --keyring=small.pem
from=20200101 until=20210101
certificate past -newkey rsa:2048
from=20900101 until=20910101
certificate future -newkey rsa:2048
from='' until=''
signed past plain.ko x.ko
verdict "a certificate that has ended" 1 "expired: the certificate ended on \
2021-01-01 (past, key 12:34, sha256)" --keyring=past.pem
flip x.ko 5
verdict "and altered, too" 1 "altered: the signature does not fit the module \
(past, key 12:34, sha256)" --keyring=past.pem
signed future plain.ko x.ko
verdict "one that has not begun" 1 "expired: the certificate begins on \
2090-01-01 (future, key 12:34, sha256)" --keyring=future.pem

usage()
{
	certificate use -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		${1:+-addext "$1"} ${2:+-addext "$2"}
	signed use plain.ko x.ko
}
# shellcheck disable=SC2043 # one a line
for good in '' 'keyUsage = digitalSignature' \
	'extendedKeyUsage = codeSigning' \
	'extendedKeyUsage = 1.3.6.1.4.1.2312.16.1.2' \
	'extendedKeyUsage = serverAuth,anyExtendedKeyUsage'; do
	usage "$good"
	verdict "usage '$good'" 0 "valid (use, key $(key_of use), sha256)" \
		--keyring=use.pem
done
for bad in 'keyUsage = keyEncipherment' 'keyUsage = keyCertSign' \
	'extendedKeyUsage = serverAuth,clientAuth'; do
	usage "$bad"
	verdict "usage '$bad'" 1 "weak: the certificate is not for signing \
code (use, key $(key_of use), sha256)" --keyring=use.pem
done

# ---- malformed

cms rsa plain.ko
# malformed TITLE CAUSE: x.ko; with its signer, or without.
malformed()
{
	run modinfo --verify --keyring=rsa.pem x.ko
	is_status "$1" 1
	is_err "$1" </dev/null
	out_has "$1" "$tmp/x.ko: malformed: $2"
}
len=$(($(wc -c <message.der)))
for field in 'algorithm \0001\0000\0002' 'hash \0000\0004\0002' \
	'signer \0000\0000\0002\0001' 'key \0000\0000\0002\0000\0001' \
	'padding \0000\0000\0002\0000\0000\0000\0000\0001'; do
	block="${field#* }\\0000\\0000\\0000\\0000\\0000"
	trail message.der plain.ko "$(printf %.40s "$block")" >x.ko
	malformed "the trailer's ${field%% *}" \
		"its trailer has set what must be zero"
done
zeros='\0000\0000\0000\0000\0000'
for id in 0 1 3 377; do
	trail message.der plain.ko "\\0000\\0000\\0$id$zeros" >x.ko
	malformed "kind $id" "a kind of signature that no kernel since 4.3"
done
trail message.der plain.ko '' 0 >x.ko
malformed "length 0" "its trailer names no signature"
for more in 0 1 100; do
	trail message.der plain.ko '' $((size + len + more)) >x.ko
	malformed "as long as the file, and $more" \
		"its trailer names a signature as large as the file"
done
trail message.der plain.ko '' $((4 << 30)) >x.ko # 0 in 32 bits
malformed "4 GiB" "its trailer names no signature"
trail message.der plain.ko '' 4294967295 >x.ko
malformed "all bits" "its trailer names a signature as large as the file"
for n in 1 -1; do
	trail message.der plain.ko '' $((len + n)) >x.ko
	malformed "the length and $n" "corrupt PKCS#7 message"
done
trail message.der plain.ko '' $((size + len - 1)) >x.ko
malformed "all but a byte of the file" "corrupt PKCS#7 message"
(cat message.der; echo) >more.der
trail more.der plain.ko >x.ko
malformed "a byte behind the message" "corrupt PKCS#7 message"
made openssl cms -sign -binary -nocerts -md sha256 -signer rsa.pem \
	-inkey rsa.key -outform DER -in plain.ko -out attributes.der
trail attributes.der plain.ko >x.ko
malformed "signed attributes" "signed attributes, which no kernel takes"
cms rsa plain.ko -nodetach
trail message.der plain.ko >x.ko
malformed "data inside" "the message brings data of its own"
cms rsa plain.ko -keyopt rsa_padding_mode:pss
trail message.der plain.ko >x.ko
malformed "RSA-PSS" ""
openssl crl2pkcs7 -nocrl -certfile rsa.pem -outform DER >certs.der
trail certs.der plain.ko >x.ko
malformed "nobody signed" "nobody signed the message"
cp rsa.der message.der
trail message.der plain.ko >x.ko
malformed "a certificate in its place" "corrupt PKCS#7 message"
# Every prefix of a message.
cms ec plain.ko
n=1
while [ $n -lt $(($(wc -c <message.der))) ]; do
	head -c $n message.der >cut.der
	trail cut.der plain.ko >"cut-$n.ko"
	n=$((n + 1))
done
"$KMOD_DIR/modinfo" --verify --keyring=ec.pem cut-*.ko >.out 2>.err
ran="modinfo --verify cut-*.ko"
check "every prefix of a message is malformed" \
	test "$(grep -c ': malformed: ' .out)" = $((n - 1))
is_err "every prefix" </dev/null
rm -f cut-*.ko

# Certificates that come with the signature are nobody's.
made openssl cms -sign -binary -noattr -md sha256 -signer ec.pem \
	-inkey ec.key -outform DER -in plain.ko -out message.der
trail message.der plain.ko >x.ko
verdict "a certificate in the message" 1 "unknown signer: no certificate of \
this signer (ec, key $(key_of ec), sha256)" --keyring=rsa.pem
verdict "and one in the keyring" 0 "valid (ec, key $(key_of ec), sha256)"

# A name cannot pretend to be another line.
certificate line -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj \
	"/CN=a
b.ko: valid"
signed line plain.ko x.ko
verdict "a name with a newline" 0 "valid (a\\x0ab.ko: valid, key $(key_of \
line), sha256)" --keyring=line.pem

# Nor can a path.
mkdir "$(printf 'c.ko: valid\n.')"
for folder in c.ko*; do
	cp plain.ko "$folder/x.ko"
	run modinfo --verify --keyring=rsa.pem "$folder/x.ko"
	is "a path with a newline" 1 <<L
$tmp/c.ko: valid\x0a./x.ko: unsigned
L
	run modinfo --verify --keyring=rsa.pem -0 "$folder/x.ko"
	check "a path with a newline, -0" test "$(tr '\0' ';' <.out)" = \
		"$tmp/$folder/x.ko: unsigned;"
done

# ---- JSON

if has_json; then
	signed line plain.ko x.ko
	run modinfo --verify --json --keyring=rsa.pem --keyring=line.pem \
		good.ko x.ko
	json "--json of valid ones" '[list(m.items()) for m in d] == [
		[("name", n), ("filename", "'"$tmp"'/" + n + ".ko"),
			("valid", True), ("result", "valid"), ("reason", None),
			("signer", s), ("key", k), ("hash", "sha256"),
			("key_id", i), ("certificate", c)]
		for n, s, k, i, c in (
			("good", "rsa", "'"$(key_of rsa | tr -d : |
				tr A-F a-f)"'", d[0]["key_id"], "rsa.pem"),
			("x", "a\nb.ko: valid", "'"$(key_of line | tr -d : |
				tr A-F a-f)"'", d[1]["key_id"], "line.pem"))]'
	json "--json: the key id of the certificate" 'd[0]["key_id"] ==
		"'"$(echo "$own_id" | tr -d : | tr A-F a-f)"'"'
	signed past plain.ko past.ko
	signed small plain.ko small.ko
	flip good.ko 5 altered.ko
	head -c 20 rsa.der >message.der
	trail message.der plain.ko >malformed.ko
	run modinfo --verify --json --keyring=rsa.pem --keyring=past.pem \
		--keyring=small.pem plain.ko altered.ko other.ko past.ko \
		nosuch.ko small.ko malformed.ko
	is_status "--json of invalid ones" 1
	is_err "--json of invalid ones" <<L
modinfo: ERROR: Module nosuch.ko not found.
L
	status=0
	: >.err
	json "--json of invalid ones" '[(m["name"], m["result"]) for m in d] == [
		("plain", "unsigned"), ("altered", "altered"),
		("other", "unknown signer"), ("past", "expired"),
		("small", "weak"), ("malformed", "malformed")] and
		not any(m["valid"] for m in d)'
	json "--json: what is null" '[[k for k in m if m[k] is None] for m in d]
		== [["reason", "signer", "key", "hash", "key_id", "certificate"],
		[], ["key_id", "certificate"], ["key_id"], [], ["signer", "key", "hash",
		"key_id", "certificate"]]'
	json "--json: reasons" 'd[3]["reason"] ==
		"the certificate ended on 2021-01-01"'
	# A name in a character set of its own.
	certificate latin -newkey rsa:2048
	signed latin plain.ko latin.ko
	LC_ALL=C sed 's/latin/l\xe4t\xff\x01/' latin.ko >x.ko
	run modinfo --verify --json --keyring=rsa.pem x.ko
	is_status "--json, a name that is not UTF-8" 1
	status=0
	json "--json, a name that is not UTF-8" \
		'd[0]["signer"] == "l\\xe4t\\xff\x01"'
fi

# ---- keyrings that are none

for bad in plain.ko rsa.key /dev/null; do
	run modinfo --verify --keyring="$bad" good.ko
	is_status "a keyring without certificates: $bad" 1
	is_out "$bad" </dev/null
	err_has "$bad" "ERROR: $bad: "
done
head -c 300 rsa.pem >cut.pem
head -c 300 rsa.der >cut.der
(cat rsa.der; echo) >more.der
sed 's/^MII/!!!/' rsa.pem >letters.pem
for bad in cut.pem cut.der more.der letters.pem; do
	run modinfo --verify --keyring="$bad" good.ko
	says "a corrupt certificate: $bad" 1 <<L
modinfo: ERROR: $bad: no certificates, or corrupt ones
L
done
run modinfo --verify --keyring=nosuch good.ko
says "no such keyring" 1 <<L
modinfo: ERROR: nosuch: No such file or directory
L
# Skipped files of a directory do not stay in memory.
if [ -z "${sanitizers:-}${emulator:-}" ] && command -v truncate >/dev/null; then
	mkdir large
	cp rsa.pem large/z.pem
	for n in $(seq 30); do
		truncate -s 15M "large/$n"
	done
	ran="modinfo --verify --keyring=large, with 300 MB of memory"
	(
		# shellcheck disable=SC3045 # -v, which every sh here has
		ulimit -v 300000
		"$KMOD_DIR/modinfo" --verify --keyring=large good.ko
	) >.out 2>.err
	status=$?
	is "a folder of large files" 0 <<L
$tmp/good.ko: $valid
L
	rm -r large
fi

mkdir -p none/below
echo text >none/README
for bad in none none/below; do
	run modinfo --verify --keyring=$bad good.ko
	says "a folder without certificates: $bad" 1 <<L
modinfo: ERROR: $bad: no certificates in this directory
L
done
run modinfo --verify --keyring=folder/fifo good.ko
says "a FIFO" 1 <<L
modinfo: ERROR: folder/fifo: not a regular file
L

# ---- what the system has

mkdir -p root/var/lib/dkms root/lib/modules/6.6.6/kernel root/boot
cp good.ko root/lib/modules/6.6.6/kernel/
need_depmod
depmod -b root 6.6.6
cp rsa.der root/var/lib/dkms/mok.pub
path=$tmp/root/lib/modules/6.6.6/kernel/good.ko
run modinfo --verify --keyring=system -b root -k 6.6.6 good
is "dkms' own key, and a module by name" 0 <<L
$path: $valid
L
run modinfo --verify --keyring=builtin -b root -k 6.6.6 good
is_status "no kernel image" 1
err_has "no kernel image" "no kernel image of 6.6.6 (looked for"
run modinfo --verify -b root -k 6.6.6 good
is_status "by default, without an image" 0
err_has "by default, without an image" "no kernel image of 6.6.6 (looked for"
out_has "by default, without an image" "$valid"

# Images: the list of trusted certificates with its two sizes.
quad()
{
	printf '%b' "$(printf '\\0%03o\\0%03o\\0000\\0000\\0000\\0000\\0000\\0000' \
		$(($1 & 255)) $(($1 >> 8)))"
}
# padded FILE: up to a multiple of eight bytes.
padded()
{
	cat "$1"
	head -c $((7 - ($(wc -c <"$1") + 7) % 8)) /dev/zero
}
certs_of()
{
	printf 'Linux version 6.6.6 '
	head -c 1004 /dev/zero
	padded "$1"
	quad $(($(wc -c <"$1")))
	quad "$2"
	head -c 512 /dev/zero
}
first=$(($(wc -c <ec.der)))
certs_of both.der "$first" >root/boot/vmlinuz-6.6.6
built_in()
{
	run modinfo --verify --keyring=builtin -b root -k 6.6.6 good
}
built_in
is "built-in certificates" 0 <<L
$path: $valid
L
rm root/var/lib/dkms/mok.pub
run modinfo --verify -b root -k 6.6.6 good
is "the default" 0 <<L
$path: $valid
L
certs_of both.der 77 >root/boot/vmlinuz-6.6.6
built_in
is_status "a list that may be that of revoked ones" 1
err_has "a list that may be that of revoked ones" \
	"vmlinuz-6.6.6: cannot take certificates out of it: no list of trusted"
printf 'BZh91AY' >root/boot/vmlinuz-6.6.6
built_in
err_has "a packing that is not known" "compressed with bzip2, which this build"
: >root/boot/vmlinuz-6.6.6
built_in
is_status "an empty image" 1
err_has "an empty image" "corrupt"
case "$("$KMOD_DIR/kmod" --version)" in
*+ZLIB*)
	certs_of both.der "$first" >vmlinux
	gzip -c vmlinux >root/boot/vmlinuz-6.6.6
	built_in
	is "an image in gz" 0 <<L
$path: $valid
L
	;;
esac

run modinfo --verify --keyring=rsa.pem -b root -k 6.6.6 nosuch
says "no such module" 1 <<L
modinfo: ERROR: Module nosuch not found.
L
echo kernel/bi.ko >root/lib/modules/6.6.6/modules.builtin
depmod -b root 6.6.6
run modinfo --verify --keyring=rsa.pem -b root -k 6.6.6 bi
says "a built-in" 1 <<L
modinfo: ERROR: bi is built into the kernel: there is no file to verify
L

done_testing
