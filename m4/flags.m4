# SPDX-License-Identifier: LGPL-2.1-or-later

# MOD_CC_FLAGS(VARIABLE, FLAGS): adds each flag that the compiler takes.
AC_DEFUN([MOD_CC_FLAGS],
	[_MOD_FLAGS([$1], m4_normalize([$2]), [CFLAGS], [AC_COMPILE_IFELSE])])

# MOD_LD_FLAGS(VARIABLE, FLAGS): the same for flags of the link.
AC_DEFUN([MOD_LD_FLAGS],
	[_MOD_FLAGS([$1], m4_normalize([$2]), [LDFLAGS], [AC_LINK_IFELSE])])

# _MOD_FLAGS(VARIABLE, FLAGS, VARIABLE TO TRY THEM IN, MACRO TO TRY THEM WITH)
# All at once, which is quick and mostly right, or else one by one.
AC_DEFUN([_MOD_FLAGS], [
	mod_flags="$2"
	_MOD_TRY([$3], [$4], [$1="$$1 $mod_flags"], [
		for mod_flags in $2; do
			_MOD_TRY([$3], [$4], [$1="$$1 $mod_flags"])
		done])])

# _MOD_TRY(VARIABLE, MACRO, IF TAKEN, IF NOT): $mod_flags.  With -Werror,
# because clang only warns about a flag that it does not know.
AC_DEFUN([_MOD_TRY], [
	AC_MSG_CHECKING([whether $CC takes $mod_flags])
	mod_save=$[$1]
	$1="$[$1] -Werror $mod_flags"
	$2([AC_LANG_PROGRAM()], [mod_taken=yes], [mod_taken=no])
	$1=$mod_save
	AC_MSG_RESULT([$mod_taken])
	AS_IF([test $mod_taken = yes], [$3], [$4])])

# MOD_STATIC(VARIABLE): how a program without any library is linked; nothing if
# it cannot be.  Where the libc can, its place in memory is random all the same.
AC_DEFUN([MOD_STATIC], [
	AC_CHECK_TOOL([READELF], [readelf], [readelf])
	$1=
	mod_save_c=$CFLAGS mod_save_ld=$LDFLAGS
	for mod_flags in -static-pie -static; do
		AC_MSG_CHECKING([whether $CC links with $mod_flags])
		CFLAGS="$mod_save_c -fPIE"
		LDFLAGS="$mod_save_ld $mod_flags"
		# Some take the word, and link with the shared libc all the same.
		AC_LINK_IFELSE([AC_LANG_PROGRAM()],
			[AS_IF([$READELF -lW conftest$EXEEXT | grep INTERP >/dev/null],
				[mod_taken=no], [mod_taken=yes])],
			[mod_taken=no])
		AC_MSG_RESULT([$mod_taken])
		AS_IF([test $mod_taken = yes], [$1=$mod_flags; break])
	done
	# To libtool, -static means another thing.
	AS_IF([test "$$1" = -static], [$1=-all-static])
	CFLAGS=$mod_save_c LDFLAGS=$mod_save_ld])

# MOD_TIME: files with a date after 2038 can be opened on 32-bit machines, too.
AC_DEFUN([MOD_TIME], [
	AC_MSG_CHECKING([whether time_t has 64 bits])
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([#include <time.h>],
		[_Static_assert(sizeof(time_t) >= 8, "32 bits");])],
		[AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no, asking for it])
		AC_DEFINE([_TIME_BITS], [64],
			[Define to 64 where time_t would have 32 bits.])])])
