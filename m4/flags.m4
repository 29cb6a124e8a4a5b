# SPDX-License-Identifier: LGPL-2.1-or-later

# MOD_CC_FLAGS(VARIABLE, FLAGS): adds each flag the compiler takes.
# -Werror, because clang only warns about a flag that it does not know.
AC_DEFUN([MOD_CC_FLAGS], [m4_foreach_w([mod_flag], [$2],
	[_MOD_FLAG([$1], m4_defn([mod_flag]), [CFLAGS], [AC_COMPILE_IFELSE])])])

# MOD_LD_FLAGS(VARIABLE, FLAGS): the same for flags of the link.
AC_DEFUN([MOD_LD_FLAGS], [m4_foreach_w([mod_flag], [$2],
	[_MOD_FLAG([$1], m4_defn([mod_flag]), [LDFLAGS], [AC_LINK_IFELSE])])])

# _MOD_FLAG(VARIABLE, FLAG, VARIABLE TO TRY IT IN, MACRO TO TRY IT WITH)
AC_DEFUN([_MOD_FLAG],
	[AS_VAR_PUSHDEF([mod_cached], [mod_cv_$3_$2])
	AC_CACHE_CHECK([whether $CC takes $2], [mod_cached],
		[mod_save=$[$3]
		$3="$[$3] -Werror $2"
		$4([AC_LANG_PROGRAM()],
			[AS_VAR_SET([mod_cached], [yes])],
			[AS_VAR_SET([mod_cached], [no])])
		$3=$mod_save])
	AS_VAR_IF([mod_cached], [yes], [AS_VAR_APPEND([$1], [" $2"])])
	AS_VAR_POPDEF([mod_cached])])
