#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# modprobe-index.sh - indexes that are cut, corrupt, or none: a message with the
# file's name, and what the others know is still found.
. "${top_srcdir:-.}/testsuite/tool/lib.sh"
. "$top_srcdir/testsuite/tool/tree.sh"
cd "$tmp" || exit 99
ours || skip "kmod crashes and hangs here"
conf ''
cp -r "$dir" good

# soon TOOL ARG...: as run, but not for long.
soon()
{
	tool=$1
	shift
	ran="$tool $*"
	timeout 60 "$KMOD_DIR/$tool" "$@" >.out 2>.err </dev/null
	status=$?
}

# broken INDEX QUERY WHAT TEXT: what asks for QUERY fails with that text about
# INDEX, and modprobe says last that it found nothing.
broken()
{
	soon modprobe -d root -S 6.6.6 -C conf -n "$2"
	is_status "$3" 1
	is_out "$3" </dev/null
	err_has "$3" "modprobe: ERROR: $dir/$1: $4"
	err_has "$3" "modprobe: FATAL: Module $2 not found in directory $dir"
	rm -r "${dir:?}/$1"
	cp "good/$1" "$dir/$1"
}

while read -r index query; do
	printf '\260\007\364\127\000\003\000\001' >"$dir/$index"
	broken "$index" "$query" "$index of version 3" \
		"an index of a version that is not known here: run depmod"
	printf 'kernel/a.ko:\nkernel/b.ko: kernel/a.ko\n' >"$dir/$index"
	broken "$index" "$query" "$index is a text" \
		"not a module index (wrong magic): run depmod"
	rm "$dir/$index" && mkfifo "$dir/$index"
	broken "$index" "$query" "$index is a FIFO" "not a regular file"
	rm "$dir/$index" && mkdir "$dir/$index"
	broken "$index" "$query" "$index is a folder" "Is a directory"

	# Cut anywhere: told, or not touched by the question; never a wrong
	# answer, which nothing found would be if nothing was said.
	size=$(wc -c <"$dir/$index")
	soon modprobe -d root -S 6.6.6 -C conf -R "$query"
	mv .out .want
	n=1
	while [ $n -lt "$size" ]; do
		head -c $n "good/$index" >"$dir/$index"
		soon modprobe -d root -S 6.6.6 -C conf -R "$query"
		if [ $status = 0 ]; then
			same "$index cut to $n bytes" stdout .out
		else
			is_status "$index cut to $n bytes" 1
			err_has "$index cut to $n bytes" "$dir/$index: "
		fi
		n=$((n + 17))
	done
	cp "good/$index" "$dir/$index"
done <<'E'
modules.dep.bin b
modules.alias.bin my-alias-d
modules.symbols.bin symbol:sym_a
modules.builtin.bin bi
modules.builtin.alias.bin bi-alias
E

# A node that is its own child, from the unit tests: the root's is at 12.
cp "$top_srcdir/testsuite/fuzz/corpus-index/ring" "$dir/modules.alias.bin"
for query in aa aaa aaaa "$(head -c 4000 /dev/zero | tr '\0' a)"; do
	soon modprobe -d root -S 6.6.6 -C conf -R "$query"
	is_status "a ring: $query" 1
done
cp "$top_srcdir/testsuite/fuzz/corpus-index/ring" "$dir/modules.dep.bin"
soon modinfo -b root -k 6.6.6 "$query"
is_status "a ring in modules.dep.bin" 1
# The header alone, whose root would be behind it.
printf '\260\007\364\127\000\002\000\001\040\000\000\014' \
	>"$dir/modules.dep.bin"
soon modinfo -b root -k 6.6.6 b
says "modinfo with a cut index" 1 <<E
modinfo: ERROR: Module b not found: $dir/modules.dep.bin: corrupt index: run depmod
E
soon modprobe -d root -S 6.6.6 -C conf -c
is_status "a ring shown" 1
err_has "a ring shown" "$dir/modules.alias.bin: corrupt index"

done_testing
