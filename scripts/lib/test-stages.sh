# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# test-stages.sh - what each stage of scripts/test does.
#
# shellcheck disable=SC2164 # a stage runs with set -e
#
# A stage runs with set -e, prints to its log, and fails by its exit status.
# What it counts itself it prints as "N passed, N failed[, N skipped]".

test_packages="check clang clang-tidy libclang-rt-dev cppcheck shellcheck g++
	binutils file git gzip kmod perl python3 strace
	user-mode-linux valgrind xz-utils zstd"

check()
{
	make -C "$work/$1" -j"$jobs" check VERBOSE=1
}

stage_gcc()
{
	build gcc CC=gcc --enable-werror
	check gcc
}

stage_clang()
{
	build clang CC=clang --enable-werror --enable-sanitizers
	check clang
}

# The thread sanitizer wants its usual addresses: no randomising (setarch).
stage_threads()
{
	build threads CC=gcc --enable-werror --enable-sanitizers=thread
	make -C "$work/threads" -j"$jobs" testsuite/unit/test-threads
	cd "$work/threads"
	TSAN_OPTIONS=halt_on_error=1 top_srcdir=$top \
		top_builddir=$work/threads CK_FORK=no \
		setarch -R testsuite/unit/test-threads
}

stage_dist()
{
	build gcc CC=gcc --enable-werror
	make -C "$work/gcc" distcheck \
		DISTCHECK_CONFIGURE_FLAGS=--enable-werror
}

stage_static()
{
	status=0
	cd "$top"
	echo "-- floors"
	testsuite/build/floors.sh || status=1

	echo "-- shellcheck"
	# Everything that names a shell in its first line, or a dialect.
	git ls-files -co --exclude-standard -- scripts testsuite .ci autogen.sh |
		xargs grep -lE '^#!/bin/(ba)?sh|^# shellcheck shell=' |
		xargs shellcheck || status=1

	echo "-- cppcheck"
	cppcheck -q -j "$jobs" --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability \
		--suppressions-list=scripts/lib/cppcheck.txt \
		-I. --include="$work/gcc/config.h" libmod src || status=1

	echo "-- clang-tidy"
	build gcc CC=gcc --enable-werror >/dev/null
	# shellcheck disable=SC2016 # for the inner shell
	git ls-files -co --exclude-standard -- 'libmod/*.c' 'src/*.c' |
		config=$work/gcc/config.h xargs -P "$jobs" -n 4 sh -c '
			clang-tidy --quiet --warnings-as-errors="*" "$@" -- \
				-std=gnu11 -include "$config" -I.' sh ||
		status=1
	return $status
}

# stage_fuzz SECONDS: every target, as many at a time as there are cores.  What
# is found stays in $work/fuzz/found.
stage_fuzz()
{
	build fuzz CC=clang --enable-werror --enable-fuzzing
	cd "$work/fuzz"
	mkdir -p found corpus
	find testsuite/fuzz -maxdepth 1 -name 'fuzz-*' -type f -perm -u+x |
		sed 's/.*fuzz-//' | sort |
		xargs -P "$jobs" -n 1 \
			"$top/scripts/lib/fuzz-one.sh" "$top" "$1" >results
	cat results
	awk '{ if ($1 == "PASS") p++; else f++ }
		END { printf "%d passed, %d failed\n", p, f; exit f > 0 || !p }' \
		results
}

stage_uml()
{
	build gcc CC=gcc --enable-werror >/dev/null
	"$top/testsuite/uml/run.sh" "$@" "$work/gcc"
}

# stage_diff [deep]: a suite that is none of the known ones runs by itself.
stage_diff()
{
	status=0
	build gcc CC=gcc --enable-werror >/dev/null
	top_srcdir=$top top_builddir=$work/gcc
	export top_srcdir top_builddir
	. "$top/testsuite/lib/corpus.sh"
	for suite in "$top"/testsuite/diff/*.sh; do
		case ${1-}:${suite##*/} in
		:modinfo.sh) diff_modinfo plain ;;
		deep:modinfo.sh) diff_modinfo plain && diff_modinfo xz ;;
		:depmod.sh)
			"$suite" generated && "$suite" real plain
			;;
		*) "$suite" ;;
		esac || {
			echo "FAILED: ${suite##*/}"
			status=1
		}
	done
	return $status
}

diff_modinfo()
{
	root=$(corpus_root "$1") &&
		"$top/testsuite/diff/modinfo.sh" "$work/gcc/src/kmod" \
			/bin/kmod "$root" "$(corpus_release "$root")"
}

# Each way to reach a decoder is built and checked; "no" leaves two of three.
stage_decoders()
{
	for way in no link dlopen; do
		build "decoders-$way" CC=gcc --enable-werror \
			--with-zlib=$way --with-xz=$way --with-zstd=$way
		check "decoders-$way"
	done
	for one in zlib xz zstd; do
		build "without-$one" CC=gcc --enable-werror --with-$one=no
		check "without-$one"
	done
	build no-openssl CC=gcc --enable-werror --with-openssl=no
	check no-openssl
}
