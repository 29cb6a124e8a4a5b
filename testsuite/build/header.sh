#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The public header stands alone, in plain C and, where there is a compiler for
# it, in C++.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo '#include <libmod/libmod.h>' >"$work/use.c"
echo 'int main(void) { return 0; }' >>"$work/use.c"
cp "$work/use.c" "$work/use.cc"
${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Werror \
	-I"$top_srcdir" -fsyntax-only "$work/use.c"
if command -v g++ >/dev/null; then
	g++ -Wall -Wextra -Werror -I"$top_srcdir" -fsyntax-only "$work/use.cc"
fi
