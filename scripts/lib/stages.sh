# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# stages.sh - runs the stages of a test one after the other, and counts.
#
# Reads $work, where logs go, and $only, the names of the stages to run (all
# when it is empty).

passed=0 failed=0 skipped=0
failed_stages=

wanted()
{
	case "${only:+ $only }" in
	'' | *" $1 "*) return 0 ;;
	esac
	return 1
}

# tick LOG PID: shows now and then that a long stage is alive.  It ends with that:
# a process that gets a signal before it has begun may not notice it.
tick()
{
	seconds=0
	while sleep 5 >/dev/null 2>&1 && kill -0 "$2" 2>/dev/null; do
		seconds=$((seconds + 5))
		[ $((seconds % 60)) = 0 ] || continue
		printf '  %4d s  %.66s\n' $seconds \
			"$(tail -n 1 "$1" | tr -dc '[:print:]')"
	done
}

# tally LOG: "PASSED FAILED SKIPPED", from what automake and our own suites
# print at their end.
tally()
{
	awk '/^# PASS: / { p += $3 }
	/^# (FAIL|ERROR|XPASS): / { f += $3 }
	/^# SKIP: / { s += $3 }
	{ sub(/^[a-z]+: /, "") }
	/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
		p += $1; f += $3; s += $5
	}
	END { print p + 0, f + 0, s + 0 }' "$1"
}

# show_end LOG: what a reader needs to see of a stage that failed.
show_end()
{
	grep -E '^(FAIL|ERROR|XPASS)[: ]|^ *not ok |FAILED|: (error|warning):|[*][*][*]' \
		"$1" | head -n 30 | sed 's/^/  | /'
	echo "  | ..."
	tail -n 25 "$1" | sed 's/^/  | /'
	echo "  all of it: $1"
}

# stage NAME TITLE FUNCTION ARG...
stage()
{
	wanted "$1" || return 0
	name=$1 title=$2
	shift 2
	log=$work/log/$name.log
	mkdir -p "$work/log"
	printf '== %-9s %s\n' "$name" "$title"
	began=$(date +%s)

	(set -e; "$@") </dev/null >"$log" 2>&1 &
	running=$!
	tick "$log" $running &
	ticker=$!
	wait $running
	status=$?
	running=
	kill $ticker
	wait $ticker 2>/dev/null

	# shellcheck disable=SC2046 # three words
	set -- $(tally "$log")
	if [ $status = 0 ] && [ "$2" = 0 ]; then
		set -- $(($1 + 1)) "$2" "$3"
		word=PASS
	else
		set -- "$1" $(($2 + 1)) "$3"
		word=FAIL
		failed_stages="$failed_stages $name"
		show_end "$log"
	fi
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
	printf '   %s in %d s: %d passed, %d failed, %d skipped\n' \
		$word $(($(date +%s) - began)) "$1" "$2" "$3"
}

# The last line is for machines: nothing else stands on it.
finish()
{
	[ -z "$failed_stages" ] || echo "Failed stages:$failed_stages"
	echo
	if [ $skipped = 0 ]; then
		echo "$passed passed, $failed failed"
	else
		echo "$passed passed, $failed failed, $skipped skipped"
	fi
	[ $failed = 0 ] && [ $passed -gt 0 ]
}
