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
