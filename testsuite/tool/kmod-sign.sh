#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# kmod-sign.sh - signatures put on modules, and taken off.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/signing.sh"

cd "$tmp" || exit 99
unset KBUILD_SIGN_PIN

certificate rsa -newkey rsa:2048
certificate ec -newkey ec -pkeyopt ec_paramgen_curve:P-256
chmod 600 rsa.key ec.key
mkmodule -m license=GPL -m parm=a:b plain.ko

sign()
{
	run kmod sign --key rsa.key --cert rsa.pem "$@"
}

# verified FILE [KEYRING]: it is valid.
verified()
{
	run modinfo --verify --keyring="${2:-rsa.pem}" "$1"
	is_status "$1 is valid" 0
	is_err "$1 is valid" </dev/null
}

# nothing_else: no temporary file is left here.
nothing_else()
{
	ran="find $1"
	check "$2: nothing is left behind" test -z "$(find "$1" -name '*.tmp*')"
}

# ---- the same as scripts/sign-file

for file in /usr/lib/linux-kbuild-*/scripts/sign-file; do
	[ -x "$file" ] && sign_file=$file
done
for hash in sha1 sha224 sha256 sha384 sha512 sha3-256 sha3-384 sha3-512; do
	cp plain.ko x.ko
	sign --hash $hash x.ko
	is "RSA and $hash" 0 </dev/null
	[ $hash = sha1 ] || verified x.ko
	cms rsa plain.ko -md $hash
	trail message.der plain.ko >want.ko
	check "RSA and $hash, as openssl makes it" cmp x.ko want.ko
	[ -n "${sign_file:-}" ] || continue
	for by in '' -k; do
		cp plain.ko x.ko
		cp plain.ko want.ko
		sign ${by:+--key-id} -H $hash x.ko
		# Older ones do not know newer digests.
		"$sign_file" $by $hash rsa.key rsa.pem want.ko 2>.sign-file ||
			continue
		check "RSA and $hash, as sign-file $by makes it" cmp x.ko want.ko
	done
done
[ -n "${sign_file:-}" ] || echo "no sign-file here"

for hash in sha256 sha384 sha512; do
	cp plain.ko x.ko
	run kmod sign -k ec.key -c ec.pem -H $hash x.ko
	is "EC and $hash" 0 </dev/null
	verified x.ko ec.pem
	head -c $(($(wc -c <x.ko) - 40)) x.ko |
		tail -c +$(($(wc -c <plain.ko) + 1)) >message.der
	check "EC and $hash: openssl takes it" made openssl cms -verify -binary \
		-inform DER -in message.der -content plain.ko -certfile \
		ec.pem -nointern -noverify -out /dev/null
	# Nothing but the signature itself may differ from openssl's.
	made openssl cms -cmsout -print -noout -inform DER -in message.der \
		-out ours.txt
	cms ec plain.ko -md $hash
	made openssl cms -cmsout -print -noout -inform DER -in message.der \
		-out theirs.txt
	sed '/signature:/,$d' ours.txt >ours.cut
	sed '/signature:/,$d' theirs.txt >theirs.cut
	check "EC and $hash, as openssl makes it" cmp ours.cut theirs.cut
done

# ---- keys and certificates

for form in 'key DER' 'key PEM' 'cert DER' 'cert PEM'; do
	case $form in
	key*) made openssl pkey -in rsa.key -outform "${form#* }" -out k ;;
	cert*) made openssl x509 -in rsa.pem -outform "${form#* }" -out c ;;
	esac
	chmod 600 k
	cp plain.ko x.ko
	[ -e c ] || cp rsa.pem c
	run kmod sign --key k --cert c x.ko
	is "$form" 0 </dev/null
	verified x.ko
done
made openssl rsa -in rsa.key -traditional -out k
cat ec.pem rsa.pem k >all
chmod 600 all
cp plain.ko x.ko
run kmod sign --key all --cert all x.ko
is "one file with all; an old form of key" 0 </dev/null
verified x.ko

for cipher in -aes256 -traditional; do
	case $cipher in
	-traditional) set -- openssl rsa -traditional -aes128 ;;
	*) set -- openssl pkey $cipher ;;
	esac
	made "$@" -in rsa.key -passout pass:secret -out locked.key
	chmod 600 locked.key
	cp plain.ko x.ko
	run kmod sign --key locked.key --cert rsa.pem x.ko
	says "$cipher: no pass phrase" 1 <<L
kmod: ERROR: locked.key: encrypted, and no pass phrase is given
L
	KBUILD_SIGN_PIN=wrong
	export KBUILD_SIGN_PIN
	run kmod sign --key locked.key --cert rsa.pem x.ko
	says "$cipher: a wrong one" 1 <<L
kmod: ERROR: locked.key: wrong pass phrase
L
	check "$cipher: the module is as it was" cmp x.ko plain.ko
	KBUILD_SIGN_PIN=secret
	run kmod sign --key locked.key --cert rsa.pem x.ko
	is "$cipher: by KBUILD_SIGN_PIN" 0 </dev/null
	unset KBUILD_SIGN_PIN
	verified x.ko
done

# bad TITLE TEXT KEY CERT [OPTION...]
bad()
{
	title=$1 text=$2 key=$3 cert=$4
	shift 4
	cp plain.ko x.ko
	run kmod sign --key "$key" --cert "$cert" "$@" x.ko
	says "$title" 1 <<L
kmod: ERROR: $text
L
	check "$title: the module is as it was" cmp x.ko plain.ko
}
bad "another key's certificate" \
	"ec.pem: not the certificate of the key rsa.key" rsa.key ec.pem
bad "a certificate as key" "rsa.pem: no private key, or a corrupt one" \
	rsa.pem rsa.pem
bad "a key as certificate" "rsa.key: no certificates, or corrupt ones" \
	rsa.key rsa.key
bad "no such key" "nosuch: No such file or directory" nosuch rsa.pem
bad "no such certificate" "nosuch: No such file or directory" rsa.key nosuch
mkfifo fifo
bad "a FIFO as key" "fifo: not a regular file" fifo rsa.pem
for hash in md5 md4 sha257 shake128 sha512-256 ''; do
	bad "digest '$hash'" \
		"modules are not signed with the digest '$hash'" \
		rsa.key rsa.pem --hash "$hash"
done
made openssl genpkey -algorithm ed25519 -out ed.key
made openssl req -x509 -config .ca.conf -key ed.key -subj /CN=ed -out ed.pem
chmod 600 ed.key
bad "a kind of key that no kernel takes" \
	"ed.key: a key of another kind than RSA and EC" ed.key ed.pem
made openssl req -x509 -config .ca.conf -key rsa.key -subj /CN=noid -out \
	noid.pem -addext 'subjectKeyIdentifier = none'
openssl x509 -in noid.pem -noout -text | grep -q 'Subject Key Identifier' ||
	bad "a certificate without key id" \
		"noid.pem: the certificate has no key id" \
		rsa.key noid.pem --key-id
cp plain.ko x.ko
chmod 644 rsa.key
sign x.ko
is_status "a key that others can read" 0
is_err "a key that others can read" <<L
kmod: WARNING: rsa.key: a private key with mode 0644: others can read it
L
chmod 600 rsa.key

# ---- signed already, several, none

cp plain.ko a.ko
cp plain.ko b.ko
echo text >text.ko
sign -v a.ko text.ko nosuch.ko b.ko
is_status "each by itself" 1
is_out "each by itself" <<L
a.ko: signed
b.ko: signed
L
is_err "each by itself" <<L
kmod: ERROR: text.ko: too short to be a module
kmod: ERROR: nosuch.ko: No such file or directory
L
verified a.ko
verified b.ko
cp a.ko once.ko
sign a.ko
says "twice" 1 <<L
kmod: ERROR: a.ko: signed already (--replace signs it anew)
L
check "twice: the file is as it was" cmp a.ko once.ko
sign --only-unsigned a.ko
is "twice, --only-unsigned" 0 </dev/null
check "twice, --only-unsigned: the file is as it was" cmp a.ko once.ko
run kmod sign --jobs=0 --strip a.ko
says "--jobs=0" 1 <<L
kmod: ERROR: unexpected number of jobs '0'.
L
run kmod sign --key ec.key --cert ec.pem --jobs=2 --replace a.ko
is "--replace" 0 </dev/null
verified a.ko ec.pem
check "--replace: one signature" test "$(grep -ac '~Module signature' a.ko)" = 1
sign --replace a.ko
check "--replace: the same as at once" cmp a.ko once.ko

run kmod sign --strip -v a.ko
is "--strip" 0 <<L
a.ko: stripped
L
check "--strip: the file of before" cmp a.ko plain.ko
run kmod sign --strip a.ko
says "--strip of nothing" 1 <<L
kmod: ERROR: a.ko: not signed
L
signed ec once.ko twice.ko
run kmod sign --strip twice.ko
check "--strip takes all off" cmp twice.ko plain.ko
mkmodule -m license=GPL old.ko
mkmodule -m license=GPL -g 'Some One:0102ff:00010203' old-signed.ko
run kmod sign --strip old-signed.ko
check "--strip of an old kind" cmp old.ko old-signed.ko
cms rsa plain.ko
trail message.der plain.ko '' 0 >x.ko
cp x.ko before.ko
run kmod sign --strip x.ko
says "--strip of a corrupt trailer" 1 <<L
kmod: ERROR: x.ko: its signature's trailer is corrupt
L
check "--strip of a corrupt trailer: as it was" cmp x.ko before.ko

run kmod sign --key rsa.key --cert rsa.pem
says "no operand" 1 <<L
kmod: ERROR: missing module or filename.
L
for args in '--key rsa.key' '--cert rsa.pem' '--tree .' ''; do
	# shellcheck disable=SC2086 # words
	run kmod sign $args x.ko
	says "without a key or certificate: $args" 1 <<L
kmod: ERROR: --key and --cert are needed.
L
done
run kmod sign --strip --key rsa.key x.ko
is_status "--strip with a key" 1
sign --replace --only-unsigned x.ko
is_status "--replace with --only-unsigned" 1

# ---- compressed

for codec in 'gzip gz ZLIB' 'xz xz XZ' 'zstd zst ZSTD'; do
	# shellcheck disable=SC2086 # words
	set -- $codec
	command -v "$1" >/dev/null || continue
	case "$("$KMOD_DIR/kmod" --version)" in
	*-"$3"*) continue ;;
	esac
	cp plain.ko y.ko
	"$1" -q -f y.ko
	rm -f y.ko
	sign "y.ko.$2"
	is "$1" 0 </dev/null
	verified "y.ko.$2"
	cp plain.ko want.ko
	sign want.ko
	"$1" -dc <"y.ko.$2" >x.ko
	check "$1: packed again is the signed module" cmp x.ko want.ko
	run kmod sign --strip "y.ko.$2"
	is "$1: --strip" 0 </dev/null
	"$1" -dc <"y.ko.$2" >x.ko
	check "$1: --strip" cmp x.ko plain.ko
	case $1 in
	gzip)
		check "gzip: neither name nor time" test \
			"$(od -An -tx1 -j 3 -N 5 y.ko.gz)" = " 00 00 00 00 00"
		;;
	xz)
		check "xz: CRC32" test "$(xz --robot -l y.ko.xz |
			sed -n 's/^file\t.*\t\(CRC[0-9]*\)\t.*/\1/p')" = CRC32
		check "xz: 1 MiB of dictionary" test "$(xz --robot -lvv y.ko.xz |
			sed -n 's/.*--lzma2=dict=\([0-9a-zA-Z]*\).*/\1/p')" = 1MiB
		;;
	esac
	head -c 60 "y.ko.$2" >cut.ko
	sign cut.ko
	is_status "$1: cut" 1
	err_has "$1: cut" "kmod: ERROR: cut.ko: "
done

# ---- the file keeps all but its contents

cp plain.ko x.ko
chmod 0640 x.ko
ln -s x.ko link.ko
mkdir below
ln -s ../link.ko below/far.ko
if [ "$(id -u)" = 0 ]; then
	chown 12:34 x.ko
	chmod 4711 x.ko
fi
before=$(stat -c '%a %u %g' x.ko)
attribute=
command -v setfattr >/dev/null && setfattr -n user.test -v kept x.ko \
	2>/dev/null && attribute=yes
sign below/far.ko
is "through links" 0 </dev/null
check "mode and owner" test "$(stat -c '%a %u %g' x.ko)" = "$before"
check "links stay" test -L below/far.ko -a -L link.ko
[ -z "$attribute" ] || check "extended attributes" test \
	"$(getfattr --only-values -n user.test x.ko)" = kept
verified x.ko
nothing_else . "all of the above"

# Other names of the same file keep the old contents.
cp plain.ko x.ko
ln x.ko second.ko
sign x.ko
is "a file with two names" 0 </dev/null
verified x.ko
check "a file with two names: the other one" cmp second.ko plain.ko

# A path cannot pretend to be another line.
mkdir "$(printf 'a.ko: signed\n\033[1m')"
for folder in a.ko*; do
	[ -d "$folder" ] || continue
	cp plain.ko "$folder/x.ko"
	sign -v "$folder/x.ko"
	is "a path with control characters" 0 <<L
a.ko: signed\x0a\x1b[1m/x.ko: signed
L
done

cp plain.ko x.ko
if [ -c /dev/full ]; then
	ran="kmod sign -v x.ko >/dev/full"
	"$KMOD_DIR/kmod" sign --key rsa.key --cert rsa.pem -v x.ko \
		>/dev/full 2>.err
	status=$?
	is_status "lost output" 1
	is_err "lost output" <<L
kmod: ERROR: could not write to standard output: No space left on device
L
	verified x.ko
fi

# What a killed run may have left is taken away.
cp plain.ko x.ko
echo left >x.ko.tmp
sign x.ko
is "with something left of another run" 0 </dev/null
verified x.ko
nothing_else . "with something left of another run"

if [ "$(id -u)" != 0 ]; then
	cp plain.ko x.ko
	chmod 500 .
	sign x.ko
	status_then=$status
	chmod 700 .
	check "a folder that cannot be written" test "$status_then" = 1
	check "a folder that cannot be written: as it was" cmp x.ko plain.ko
fi

# The disk is full: the old file stays.
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	mkdir full
	cat >full.sh <<-'L'
		mount -t tmpfs -o size=64k,mode=755 none full || exit 77
		cp plain.ko full/x.ko || exit 77
		head -c 1m /dev/zero >full/rest 2>/dev/null
		"$1" sign --key rsa.key --cert rsa.pem full/x.ko
		status=$?
		cmp full/x.ko plain.ko || exit 98
		[ -z "$(find full -name '*.tmp*')" ] || exit 97
		exit $status
	L
	unshare -m sh full.sh "$KMOD_DIR/kmod" >.out 2>.err </dev/null
	status=$?
	ran="kmod sign, the disk being full"
	if [ $status != 77 ]; then
		is_status "a full disk" 1
		err_has "a full disk" "full/x.ko: No space left on device"
	fi
fi

# Where nothing can be written.
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	mkdir readonly
	cp plain.ko readonly/x.ko
	cat >readonly.sh <<-'L'
		mount --bind readonly readonly &&
			mount -o remount,bind,ro readonly || exit 77
		"$1" sign --key rsa.key --cert rsa.pem readonly/x.ko
	L
	unleaked unshare -m sh readonly.sh "$KMOD_DIR/kmod" >.out 2>.err \
		</dev/null
	status=$?
	ran="kmod sign, on a disk that is read-only"
	[ $status = 77 ] || says "a disk that is read-only" 1 <<L
kmod: ERROR: readonly/x.ko: Read-only file system
L
	check "a disk that is read-only: as it was" cmp readonly/x.ko plain.ko
fi

# ---- trees

mkdir -p tree/kernel/a tree/updates other
for name in kernel/a/one kernel/two updates/three; do
	cp plain.ko "tree/$name.ko"
done
cp once.ko tree/kernel/signed.ko
cp plain.ko other/four.ko
ln -s "$tmp/other/four.ko" tree/updates/four.ko
ln -s "$tmp/other" tree/updates/other
mkfifo tree/kernel/fifo.ko
cp plain.ko tree/kernel/no-module.o
echo x >tree/modules.dep
mkdir tree/kernel/dir.ko
sign --tree tree --only-unsigned -v
is "--tree --only-unsigned" 0 <<L
$tmp/tree/kernel/a/one.ko: signed
$tmp/tree/kernel/two.ko: signed
$tmp/tree/updates/three.ko: signed
L
for name in kernel/a/one kernel/two updates/three kernel/signed; do
	verified "tree/$name.ko"
done
check "links are not followed" cmp other/four.ko plain.ko
check "other files are left alone" cmp tree/kernel/no-module.o plain.ko
sign --tree tree --only-unsigned -v
is "again: nothing to do" 0 </dev/null
sign --tree tree
is_status "--tree with signed ones" 1
check "--tree with signed ones: each is told" test "$(grep -c \
	'signed already' .err)" = 4
ln -s tree tree-link
sign --tree tree-link --replace
is "a link to a tree" 0 </dev/null
run kmod sign --tree tree --strip
is "--tree --strip" 0 </dev/null
check "--tree --strip" cmp tree/kernel/a/one.ko plain.ko
nothing_else tree "trees"
mkdir empty
sign --tree empty
says "no modules in it" 1 <<L
kmod: ERROR: empty: no modules below it
L
sign --tree nosuch
says "no such tree" 1 <<L
kmod: ERROR: nosuch: No such file or directory
L

# ---- killed at any moment, it leaves the old or the new file and no other

if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	mkdir killed
	cp plain.ko killed/x.ko
	for call in openat:1 openat:3 pread64:1 write:1 fsync:1 fchmod:1 \
		linkat:1 renameat:1; do
		cp plain.ko killed/x.ko
		unleaked strace -f -o /dev/null \
			-e inject="${call%:*}:signal=KILL:when=${call#*:}" \
			-e trace="${call%:*}" "$KMOD_DIR/kmod" sign --key \
			rsa.key --cert rsa.pem killed/x.ko >.out 2>.err
		status=$?
		ran="kmod sign, killed at $call"
		is_status "killed at $call" 137
		cmp -s killed/x.ko plain.ko || verified killed/x.ko
		# The temporary name lives from linkat to renameat.
		case $call in
		linkat:* | renameat:*) ;;
		*) nothing_else killed "killed at $call" ;;
		esac
		cp plain.ko killed/x.ko
		sign killed/x.ko
		nothing_else killed "the run behind one killed at $call"
	done
fi

# A file system that cannot make files without names: a temporary one, then.
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	cp plain.ko killed/x.ko
	ran="kmod sign without O_TMPFILE"
	(cd killed && unleaked strace -f -o ../trace -P . -e trace=openat \
		-e inject=openat:error=EOPNOTSUPP:when=2 "$KMOD_DIR/kmod" sign \
		--key ../rsa.key --cert ../rsa.pem x.ko) >.out 2>.err
	check "without O_TMPFILE" grep -q 'x.ko.tmp.*O_EXCL' trace
	verified killed/x.ko
	nothing_else killed "without O_TMPFILE"

	# Two at once: the one that comes later must not take the other's
	# temporary file away, nor have its own put in place half written.
	cp plain.ko killed/x.ko
	# slow CALL: signs, and waits before that call.
	slow()
	{
		unleaked strace -f -o /dev/null -P "$tmp/killed" \
			-P "$tmp/killed/x.ko.tmp" -e trace="openat,$1" \
			-e inject=openat:error=EOPNOTSUPP:when=2 \
			-e inject="$1:delay_enter=2000000" "$KMOD_DIR/kmod" \
			sign --key rsa.key --cert rsa.pem killed/x.ko
	}
	ran="kmod sign, twice at once, without O_TMPFILE"
	slow fchmod >.out 2>.err &
	first=$!
	sleep 1
	slow write >.out2 2>.err2 &
	second=$!
	wait $first
	is_err "the first of two" </dev/null
	verified killed/x.ko
	wait $second
	verified killed/x.ko
	nothing_else killed "two at once"

	# It has got its temporary name, and cannot get the other one.
	for without in '' openat:error=EOPNOTSUPP:when=2; do
		cp plain.ko killed/x.ko
		unleaked strace -f -o /dev/null -P "$tmp/killed" \
			-e trace=openat,renameat \
			${without:+-e inject="$without"} \
			-e inject=renameat:error=EBUSY "$KMOD_DIR/kmod" sign \
			--key rsa.key --cert rsa.pem killed/x.ko >.out 2>.err
		status=$?
		ran="kmod sign, renameat failing; $without"
		says "cannot be renamed" 1 <<L
kmod: ERROR: killed/x.ko: Device or resource busy
L
		check "cannot be renamed: as it was" cmp killed/x.ko plain.ko
		nothing_else killed "cannot be renamed"
	done
fi

done_testing
