# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# signing.sh - keys and certificates for the tests of signatures; to be read
# behind lib.sh.

need openssl
ours || skip "about our own commands"
case "$("$KMOD_DIR/kmod" --version)" in
*+OPENSSL*) ;;
*) skip "a build without libcrypto" ;;
esac

cat >"$tmp/.ca.conf" <<E
[ca]
default_ca = here
[here]
new_certs_dir = $tmp/.ca
database = $tmp/.ca/index
serial = $tmp/.ca/serial
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = name
x509_extensions = plain
[name]
[plain]
subjectKeyIdentifier = hash
E

made()
{
	"$@" 2>"$tmp/.openssl" && return
	echo "$*"
	cat "$tmp/.openssl"
	exit 99
}

# certificate NAME OPTION...: NAME.key and NAME.pem, as `openssl req -newkey`
# takes the options; valid from now on unless $from and $until say when
# (YYYYMMDD), and then number 1234.
certificate()
{
	cert=$1
	shift
	if [ -z "${from:-}" ]; then
		made openssl req -x509 -config "$tmp/.ca.conf" -days 3650 \
			-utf8 -nodes -keyout "$cert.key" -out "$cert.pem" \
			-subj "/CN=$cert" "$@"
		return
	fi
	rm -rf "$tmp/.ca"
	mkdir "$tmp/.ca"
	: >"$tmp/.ca/index"
	echo 1234 >"$tmp/.ca/serial"
	made openssl req -new -config "$tmp/.ca.conf" -nodes \
		-keyout "$cert.key" -out "$cert.csr" -subj "/CN=$cert" "$@"
	made openssl ca -batch -notext -config "$tmp/.ca.conf" -selfsign \
		-keyfile "$cert.key" -in "$cert.csr" -out "$cert.pem" \
		-startdate "${from}000000Z" -enddate "${until}000000Z"
}

# cms NAME FILE [OPTION...]: a message over FILE, as scripts/sign-file has it
# made, in message.der.
cms()
{
	signer=$1
	data=$2
	shift 2
	made openssl cms -sign -binary -noattr -nocerts -md sha256 \
		-signer "$signer.pem" -inkey "$signer.key" -outform DER \
		-in "$data" -out message.der "$@"
}

# signed NAME FILE OUT [OPTION...]: FILE with such a message behind it.
signed()
{
	by=$1
	file=$2
	out=$3
	shift 3
	cms "$by" "$file" "$@"
	trail message.der "$file" >"$out"
}

# number_be N: four bytes.
number_be()
{
	printf '%b' "$(printf '\\0%03o\\0%03o\\0%03o\\0%03o' \
		$(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) \
		$(($1 & 255)))"
}

# trail MESSAGE FILE [BLOCK [LENGTH]]: FILE, the message and the trailer; BLOCK
# is its first eight bytes, LENGTH the length of the message in it.
trail()
{
	block=${3:-}
	cat "$2" "$1"
	printf '%b' "${block:-\\0000\\0000\\0002\\0000\\0000\\0000\\0000\\0000}"
	number_be "${4:-$(($(wc -c <"$1")))}"
	echo '~Module signature appended~'
}

# flip FILE OFFSET [OUT]: one bit of a byte, $bit (1), is another.
flip()
{
	[ -z "${3:-}" ] || cp "$1" "$3"
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	printf '%b' "$(printf '\\0%03o' $((byte ^ ${bit:-1})))" |
		dd of="${3:-$1}" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
