#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# fuzz-one.sh SOURCE SECONDS TARGET - runs one fuzz target from its corpus, in
# the build directory.  Prints "PASS TARGET REMARK" or "FAIL TARGET".
top=$1
seconds=$2
target=$3
log=found/$target.log
mkdir -p "corpus/$target"
set -- "corpus/$target"
[ ! -d "$top/testsuite/fuzz/corpus-$target" ] ||
	set -- "$@" "$top/testsuite/fuzz/corpus-$target"

if "testsuite/fuzz/fuzz-$target" -max_total_time="$seconds" -timeout=10 \
	-rss_limit_mb=3000 -artifact_prefix="found/$target-" \
	-print_final_stats=1 "$@" >"$log" 2>&1 </dev/null; then
	echo "PASS $target $(sed -n 's/^stat::number_of_executed_units: */runs: /p' "$log")"
else
	echo "FAIL $target"
	tail -n 60 "$log" >&2
fi
