# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# tree.sh - the modules of the kernel in user-mode-linux, as we want them.
#
# To be read by a script that has set $peer (see lib/peer.sh).

if ! command -v linux.uml >/dev/null; then
	echo "$0: linux.uml is not installed (Debian package user-mode-linux)" >&2
	exit 1
fi
release=$(linux.uml --version)
modules=/usr/lib/uml/modules/$release
if [ ! -s "$modules/modules.dep" ]; then
	echo "$0: $modules: no modules there" >&2
	exit 1
fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/libmod/uml-$(
	dpkg-query -W -f '${Version}' user-mode-linux 2>/dev/null ||
		echo "$release"
)

# files NAME...: for each, its name and its files in the order of loading.
files()
{
	awk -v names="$*" '
	BEGIN {
		split(names, word, " ")
		for (i in word)
			want[word[i]] = 1
	}
	{
		sub(/:/, "")
		name = $1
		sub(/.*\//, "", name)
		sub(/\..*/, "", name)
		gsub(/-/, "_", name)
		if (!(name in want))
			next
		line = name
		for (i = NF; i > 0; i--)
			line = line " " $i
		print line
	}' "$modules/modules.dep"
}

# compress KIND FILE: the file as it is (ko), or compressed, on standard output.
compress()
{
	case $1 in
	ko) cat "$2" ;;
	xz) xz --check=crc32 --lzma2=dict=1MiB -c "$2" ;;
	zst) zstd -q -c "$2" ;;
	gz) gzip -c "$2" ;;
	esac
}

# make_tree LIST: prints a directory for /lib/modules/RELEASE that has the modules
# in LIST, lines of "KIND PATH", with an index made by the peer.  Made once and
# kept in the cache.
make_tree()
{
	tree=$cache/tree-$(cksum <"$1" | tr ' ' -)
	if [ ! -d "$tree" ]; then
		new=$tree.$$
		base=$new/lib/modules/$release
		mkdir -p "$base" &&
			cp "$modules/modules.builtin" "$modules/modules.order" \
				"$modules/modules.builtin.modinfo" "$base" || return
		while read -r kind path; do
			file=$base/$path
			[ "$kind" = ko ] || file=$file.$kind
			mkdir -p "${file%/*}" &&
				compress "$kind" "$modules/$path" >"$file" || return
		done <"$1"
		"$peer/depmod" -b "$new" "$release" && mv "$new" "$tree" || return
	fi
	echo "$tree/lib/modules/$release"
}
