# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
#
# test-stages.sh - what each stage of scripts/test does.
#
# shellcheck disable=SC2164 # a stage runs with set -e
#
# A stage runs with set -e, prints to its log, and fails by its exit status.
# A stage that counts prints "N passed, N failed[, N skipped]".

test_packages="check clang clang-format clang-tidy libclang-rt-dev cppcheck shellcheck g++
	binutils cpio e2fsprogs file fish git groff-base gzip jq kmod linux-kbuild-6.1
	openssl perl python3
	qemu-system-x86 strace
	user-mode-linux valgrind xz-utils zsh zstd"

# Packages to build for other machines, and to run the result.
ports_packages="musl-tools gcc-i686-linux-gnu libc6-dev-i386-cross libc6-i386
	gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user"

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

# Lines of libmod/ and src/ that make check executes, at least: percent.
coverage_floor=95.0

# Counts of an earlier run are removed, because gcc adds to them.  Tests that
# cannot run with such a build read $coverage.
stage_coverage()
{
	build coverage CC=gcc CFLAGS="-O0 -g --coverage"
	find "$work/coverage" -name '*.gcda' -delete
	(export coverage=yes && check coverage)
	"$top/testsuite/build/coverage.py" "$top" "$work/coverage" \
		$coverage_floor
}

# The thread sanitizer wants its usual addresses: no randomising (setarch).
stage_threads()
{
	build threads CC=gcc --enable-werror --enable-sanitizers=thread
	make -C "$work/threads" -j"$jobs" testsuite/unit/test-threads \
		testsuite/unit/test-jobs src/kmod testsuite/tool/mkmodule
	cd "$work/threads"
	for test in threads jobs; do
		TSAN_OPTIONS=halt_on_error=1 top_srcdir=$top \
			top_builddir=$work/threads CK_FORK=no \
			setarch -R "testsuite/unit/test-$test" || return
	done
	TSAN_OPTIONS=halt_on_error=1 top_srcdir=$top \
		top_builddir=$work/threads setarch -R \
		"$top/testsuite/tool/depmod.sh"
}

stage_dist()
{
	build gcc CC=gcc --enable-werror
	make -C "$work/gcc" distcheck \
		DISTCHECK_CONFIGURE_FLAGS=--enable-werror
	"$top/testsuite/build/dist.sh" "$work/gcc"
}

# stage_ports [deep]: another C library, 32 bits, big-endian, and no library at
# all.  Debian has neither Check nor decoders for those: what needs them is left
# out.
# shellcheck disable=SC2086 # words
stage_ports()
{
	need_packages $ports_packages
	status=0
	bare="--enable-werror --with-zlib=no --with-xz=no --with-zstd=no
		--with-openssl=no --with-jansson=no"
	port i686 --host=i686-linux-gnu $bare
	emulator="qemu-s390x -L /usr/s390x-linux-gnu"
	export emulator
	port s390x --host=s390x-linux-gnu $bare
	unset emulator
	port static --enable-werror --enable-static-tools --with-check=no
	port musl-static CC=musl-gcc $bare --enable-static-tools
	[ -z "${1-}" ] || port musl CC=musl-gcc $bare
	return $status
}

# port NAME CONFIGURE-ARG...: all of make check but the unit tests.
port()
{
	echo "-- $1"
	build "$@" && make -C "$work/$1" -j"$jobs" check VERBOSE=1 ||
		status=1
}

stage_static()
{
	status=0
	build gcc CC=gcc --enable-werror >/dev/null
	cd "$top"
	echo "-- layers"
	testsuite/build/layers.sh || status=1

	echo "-- clang-format"
	find libmod src testsuite -name '*.[ch]' | sort |
		xargs clang-format --dry-run -Werror || status=1

	echo "-- shellcheck"
	# Everything that names a shell in its first line, or a dialect.
	find scripts testsuite completion .ci autogen.sh debian -type f | sort |
		xargs grep -lE '^#!/bin/(ba)?sh|^# shellcheck shell=' |
		xargs shellcheck || status=1

	echo "-- cppcheck"
	cppcheck -q -j "$jobs" --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability \
		--suppressions-list=scripts/lib/cppcheck.txt \
		-I. --include="$work/gcc/config.h" libmod src || status=1

	echo "-- clang-tidy"
	# shellcheck disable=SC2016 # for the inner shell
	find libmod src -name '*.c' | sort |
		config=$work/gcc/config.h xargs -P "$jobs" -n 4 sh -c '
			clang-tidy --quiet --warnings-as-errors="*" "$@" -- \
				-std=gnu11 -include "$config" -I.' sh ||
		status=1
	return $status
}

stage_shells()
{
	build gcc CC=gcc --enable-werror >/dev/null
	make -C "$work/gcc" testsuite/tool/mkmodule
	"$top/testsuite/shells/complete.sh" "$work/gcc"

	# All of it where modules are in another directory.
	build elsewhere CC=gcc --enable-werror --with-check=no \
		--with-module-directory=/opt/kernels >/dev/null
	make -C "$work/elsewhere" check \
		TESTS="testsuite/build/install.sh testsuite/tool/options.sh"
	"$top/testsuite/shells/complete.sh" "$work/elsewhere"
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

# Needs root: the script asks for it.
stage_clients()
{
	build gcc CC=gcc --enable-werror >/dev/null
	as_root env HOME="$HOME" "$top/testsuite/clients/run.sh" "$work/gcc"
}

# Needs root: the script asks for it.
stage_packages()
{
	build gcc CC=gcc --enable-werror >/dev/null
	as_root env HOME="$HOME" "$top/testsuite/packages/run.sh" "$work/gcc"
}

# stage_qemu [deep]
stage_qemu()
{
	build gcc CC=gcc --enable-werror >/dev/null
	"$top/testsuite/qemu/run.sh" "$work/gcc"
	[ "${1-}" != deep ] ||
		as_root env HOME="$HOME" "$top/testsuite/qemu/run.sh" \
			"$work/gcc" image
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
			"$suite" generated && "$suite" cache &&
				"$suite" real plain
			;;
		deep:verify.sh) "$suite" deep ;;
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
	for way in no link; do
		build "libraries-$way" CC=gcc --enable-werror \
			--with-openssl=$way --with-jansson=$way
		check "libraries-$way"
	done
}
