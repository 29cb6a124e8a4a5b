#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# sign-cases.sh KMOD ROOT DIR - module files that are signed well or badly, made
# in DIR from one of Debian's below ROOT.  What modinfo --verify says of each by
# the kernel's own certificates is checked here, one line each ("ok WHAT" or
# "not ok WHAT"); NAME.ko[.xz] and NAME, what the kernel is to say, stay in DIR
# for sign.sh.
set -u
kmod=$(realpath "$1")
root=$2
here=$(cd "$(dirname "$0")" && pwd)
release=$(basename "$2"/lib/modules/*)
KMOD_DIR=$3.bin tmp=$3.keys
mkdir -p "$3" "$KMOD_DIR" "$tmp" || exit
out=$(cd "$3" && pwd)
ln -sf "$kmod" "$KMOD_DIR/kmod" && ln -sf "$kmod" "$KMOD_DIR/modinfo" || exit
cd "$tmp" || exit

# shellcheck source=testsuite/lib/check.sh
. "$here/../lib/check.sh"

# What signing.sh wants of the tools' tests.
need()
{
	:
}
ours()
{
	:
}
skip()
{
	not_ok "$*"
	exit 1
}
# shellcheck source=testsuite/tool/signing.sh
. "$here/../tool/signing.sh"

sign()
{
	"$KMOD_DIR/kmod" sign --key rsa.key --cert rsa.pem "$@"
}

# The answer of the kernel, and the lines in its log.
rejected="Key was rejected by service"
no_key="$rejected
Loading of module with unavailable key is rejected"
no_signature="$rejected
Loading of unsigned module is rejected"
old_kind="$rejected
Loading of module with unsupported crypto is rejected"
bad="Bad message"

# is FILE SAID ANSWER: under the name of FILE.
is()
{
	name=${1%%.*}
	cp "$1" "$out" || exit
	echo "$3" >"$out/$name"
	said=$("$KMOD_DIR/modinfo" --verify --keyring=builtin -b "$root" \
		-k "$release" "$out/$1" 2>&1)
	case $said in
	"$out/$1: $2" | "$out/$1: $2:"* | "$out/$1: $2 ("*)
		ok "modinfo --verify of $name: $2"
		;;
	*)
		not_ok "modinfo --verify of $name: $2"
		echo "    $said"
		;;
	esac
}

# Two, for a loaded module is not looked at again.
cp "$root/lib/modules/$release/kernel/fs/nls/nls_utf8.ko.xz" good.ko.xz
xz -dc "$root/lib/modules/$release/kernel/drivers/net/dummy.ko.xz" >plain.ko
"$KMOD_DIR/kmod" sign --strip plain.ko || exit
certificate rsa -newkey rsa:2048
certificate ec -newkey ec -pkeyopt ec_paramgen_curve:P-256

is good.ko.xz valid ""
cp plain.ko unsigned.ko
is unsigned.ko unsigned "$no_signature"
xz -dc "$root/lib/modules/$release/kernel/drivers/net/dummy.ko.xz" >altered.ko
cp altered.ko twice.ko
flip altered.ko 5000
is altered.ko altered "$rejected"
sign --replace twice.ko || exit
is twice.ko "unknown signer" "$no_key"

# Signed by us: a kernel that could not read it would not ask for the key.
for hash in sha256 sha384 sha512; do
	for key in rsa ec; do
		cp plain.ko "$key-$hash.ko"
		"$KMOD_DIR/kmod" sign --key $key.key --cert $key.pem \
			--hash $hash "$key-$hash.ko" || exit
		is "$key-$hash.ko" "unknown signer" "$no_key"
	done
done
cp plain.ko by-id.ko
sign --key-id by-id.ko || exit
is by-id.ko "unknown signer" "$no_key"
cp plain.ko packed.ko
xz --check=crc32 --lzma2=dict=1MiB packed.ko
sign packed.ko.xz || exit
is packed.ko.xz "unknown signer" "$no_key"

# Signatures that are none.
cms rsa plain.ko
zeros='\0000\0000\0000\0000\0000'
trail message.der plain.ko "\\0000\\0004\\0002$zeros" >hash-set.ko
is hash-set.ko malformed "$bad"
trail message.der plain.ko "\\0000\\0000\\0002\\0000\\0000\\0000\\0000\\0001" \
	>padding-set.ko
is padding-set.ko malformed "$bad"
trail message.der plain.ko "\\0001\\0000\\0001$zeros" >old-kind.ko
is old-kind.ko malformed "$old_kind"
trail message.der plain.ko '' 4294967295 >too-long.ko
is too-long.ko malformed "$bad"
trail message.der plain.ko '' $(($(wc -c <message.der) - 1)) >cut.ko
is cut.ko malformed "$bad"
cms rsa plain.ko -nodetach
trail message.der plain.ko >data-inside.ko
is data-inside.ko malformed "$bad"
made openssl cms -sign -binary -nocerts -md sha256 -signer rsa.pem \
	-inkey rsa.key -outform DER -in plain.ko -out message.der
trail message.der plain.ko >attributes.ko
is attributes.ko malformed "$rejected"
