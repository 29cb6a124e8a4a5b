#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modinfo-bad.sh - files that are no modules, or broken ones: a message, status
# 1, and nothing worse.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"

cd "$tmp" || exit 99

# fails WHAT TEXT: modinfo bad.ko prints the name only, and says TEXT; ours adds
# the cause in brackets.
fails()
{
	run modinfo bad.ko
	is_status "$1" 1
	is_out "$1" <<E
filename:       $tmp/bad.ko
E
	sed 's/ (.*)$//' .err >.cut
	mv .cut .err
	is_err "$1" <<E
modinfo: ERROR: could not get modinfo from 'bad': $2
E
}

# cause WHAT TEXT: the last run gave that cause.
cause()
{
	ours || return
	run modinfo bad.ko
	err_has "$1" "($tmp/bad.ko: $2)"
}

# put FILE OFFSET BYTES, written as for printf
put()
{
	# shellcheck disable=SC2059 # escapes are wanted
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>dd.err ||
		exit 99
}

: >bad.ko
fails "an empty file" 'Invalid argument'
printf abcde >bad.ko
fails "five bytes" 'Invalid argument'
echo 'this is no module, however long it may be' >bad.ko
fails "a text" 'Exec format error'
cause "a text" 'not an ELF file'

mkmodule -m license=GPL -m parm=a:b -u x -v x=0x1 good.ko
size=$(wc -c <good.ko)
for n in 6 7 15 16; do
	head -c $n good.ko >bad.ko
	fails "cut to $n bytes" 'Exec format error'
done
for n in 17 40 63 64 65; do
	head -c $n good.ko >bad.ko
	fails "cut to $n bytes" 'Invalid argument'
done
head -c $((size - 1)) good.ko >bad.ko
fails "cut by one byte" 'Invalid argument'

# Every truncation: the whole file only is sound.
n=18
while [ $n -lt "$size" ]; do
	head -c $n good.ko >"cut$n.ko"
	n=$((n + 7))
done
run modinfo cut*.ko
is_status "every truncation" 1
check "every truncation is refused, and none crashes" \
	test "$(grep -c 'Invalid argument' .err)" = \
	"$(find . -name 'cut*.ko' | wc -l)"
rm -f cut*.ko

# field WHAT OFFSET BYTES TEXT: good.ko with something overwritten.
field()
{
	cp good.ko bad.ko
	put bad.ko "$2" "$3"
	fails "$1" "$4"
}
field "class 0" 4 '\000' 'Invalid argument'
field "class 3" 4 '\003' 'Invalid argument'
field "byte order 3" 5 '\003' 'Invalid argument'
field "the other byte order" 5 '\002' 'Invalid argument'
field "the other class" 4 '\001' 'Invalid argument'
field "e_shentsize 56" 58 '\070' 'Invalid argument'
field "e_shoff far away" 46 '\377\377' 'Invalid argument'
field "e_shnum 0xffff" 60 '\377\377' 'Invalid argument'
cause "e_shnum 0xffff" 'corrupt ELF file'
if ours; then # kmod aborts
	field "e_shstrndx 0" 62 '\000\000' 'Invalid argument'
	field "e_shstrndx 0xfff0" 62 '\360\377' 'Invalid argument'
	field "e_shstrndx 0xffff" 62 '\377\377' 'Invalid argument'
	field "e_shstrndx 99" 62 '\143\000' 'Invalid argument'
	field "e_shnum 0" 60 '\000\000' 'Invalid argument'
fi

mkmodule -n bad.ko
# 30 calls that ENOENT
ours && fails "no .modinfo" 'No data available'
cause 'no .modinfo' 'no .modinfo section'

# Compressed
cp good.ko bad.ko
for codec in xz:XZ zstd:ZSTD gzip:ZLIB; do
	can ${codec%:*} ${codec#*:} || continue # no gzip in Debian's
	codec=${codec%:*}
	run modinfo -l bad.ko
	$codec -c good.ko >bad.ko
	run modinfo -l bad.ko
	is "$codec, whatever the name says" 0 <<E
GPL
E
	cat bad.ko bad.ko >two.ko
	ours && run modinfo -l two.ko # two modules in one: the first counts
	ours && is "$codec, two parts" 0 <<E
GPL
E
	$codec -c good.ko | head -c 100 >bad.ko
	ours && fails "$codec, cut" 'Invalid argument'
	ours && run modinfo bad.ko && err_has "$codec, cut: says so" \
		"$tmp/bad.ko: "
done
if can zstd ZSTD && ours; then
	# made from a pipe, a file does not tell its size (kmod 34 fails)
	# shellcheck disable=SC2002 # a pipe is the point
	cat good.ko | zstd -c >bad.ko
	run modinfo -l bad.ko
	is "zstd without a size" 0 <<E
GPL
E
fi

# A long file of nothing, which takes no room on the disk; section 2 is .modinfo
if ours; then
	cp good.ko bad.ko
	headers=$(od -An -tu8 -j40 -N8 bad.ko)
	put bad.ko $((headers + 2 * 64 + 32)) '\001\000\000\000\017\000\000\000'
	truncate -s 61G bad.ko 2>dd.err && {
		fails "60 GB of .modinfo" 'Invalid argument'
		cause "60 GB of .modinfo" 'a part of it is larger than 1 GiB'
	}
	rm bad.ko
fi

# A file that cannot be read
if [ "$(id -u)" != 0 ]; then
	cp good.ko bad.ko
	chmod 0 bad.ko
	fails "no permission" 'Permission denied'
	chmod 644 bad.ko
fi

done_testing
