# SPDX-License-Identifier: LGPL-2.1-or-later

# MOD_CODEC(NAME, PKG-CONFIG MODULE, DEBIAN PACKAGE, FUNCTION)
#
# How the tools reach a decoder:
#   static  in the tools themselves.  The default: a plain modprobe maps only
#           libc, and an initramfs filled with what ldd lists can still load
#           compressed modules.
#   link    as a shared library.
#   dlopen  when the first compressed file is met.
#   no      not at all, nor in libmod.so.
#
# Encoders are opened also with "static": they would be larger than the decoders,
# for one command.  Static tools have them inside.
#
# libmod.so opens its decoders when it needs them (dlopen) unless the word is
# "link", since a static copy inside a shared library is nobody's to update.
#
# Sets NAME_mode, defines HAVE_NAME in config.h and substitutes
#   NAME_CFLAGS                       for both
#   NAME_TOOL_CPPFLAGS, NAME_TOOL_LIBS for the copy in the tools
#   NAME_SO_CPPFLAGS, NAME_SO_LIBS     for the copy in libmod.so
# where the CPPFLAGS hold -DNAME_DLOPEN, -DNAME_ENCODER_DLOPEN or nothing.
AC_DEFUN([MOD_CODEC], [
m4_pushdef([MOD_NAME], m4_toupper([$1]))
AC_ARG_WITH([$1],
	[AS_HELP_STRING([--with-$1=no|static|link|dlopen],
		[how the tools reach $2 @<:@static, else link@:>@])],
	[], [with_$1=auto])
$1_mode=$with_$1
AS_CASE([$$1_mode], [yes], [$1_mode=auto],
	[no|static|link|dlopen|auto], [],
	[AC_MSG_ERROR([--with-$1=$with_$1: no, static, link or dlopen])])
AS_IF([test "$enable_static_tools" = yes],
	[AS_CASE([$$1_mode], [auto|link], [$1_mode=static],
		[dlopen], [AC_MSG_ERROR(
			[--with-$1=dlopen: not with --enable-static-tools])])])

AS_IF([test "$$1_mode" != no],
	[PKG_CHECK_MODULES(MOD_NAME, [$2], [],
		[AC_MSG_ERROR([$2 is not there: install $3, or say --with-$1=no])])])

AS_CASE([$$1_mode], [static|auto],
	[AC_MSG_CHECKING([for $2 as a static archive])
	$1_archive=`$PKG_CONFIG --libs-only-L --libs-only-l $2 |
		$SED 's/-l\(@<:@^ @:>@*\)/-l:lib\1.a/g'`
	mod_save=$LIBS
	LIBS="$$1_archive $LIBS"
	AC_LINK_IFELSE([AC_LANG_CALL([], [$4])],
		[$1_mode=static
		AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no])
		AS_IF([test "$$1_mode" = static],
			[AC_MSG_ERROR([no static archive of $2; --with-$1=no does without])])
		$1_mode=link])
	LIBS=$mod_save])

MOD_NAME[]_TOOL_CPPFLAGS= MOD_NAME[]_TOOL_LIBS=
MOD_NAME[]_SO_CPPFLAGS=-D[]MOD_NAME[]_DLOPEN MOD_NAME[]_SO_LIBS=
AS_CASE([$$1_mode],
	[static], [MOD_NAME[]_TOOL_LIBS=$$1_archive
		AS_IF([test "$enable_static_tools" != yes],
			[MOD_NAME[]_TOOL_CPPFLAGS=-D[]MOD_NAME[]_ENCODER_DLOPEN])],
	[link], [MOD_NAME[]_TOOL_LIBS=$MOD_NAME[]_LIBS
		MOD_NAME[]_SO_CPPFLAGS= MOD_NAME[]_SO_LIBS=$MOD_NAME[]_LIBS],
	[dlopen], [MOD_NAME[]_TOOL_CPPFLAGS=-D[]MOD_NAME[]_DLOPEN])
AS_IF([test "$$1_mode" != no],
	[AC_DEFINE([HAVE_]MOD_NAME, [1], [Define to 1 to read what $2 unpacks.])])
AC_SUBST(MOD_NAME[_TOOL_CPPFLAGS])
AC_SUBST(MOD_NAME[_TOOL_LIBS])
AC_SUBST(MOD_NAME[_SO_CPPFLAGS])
AC_SUBST(MOD_NAME[_SO_LIBS])
m4_popdef([MOD_NAME])
])
