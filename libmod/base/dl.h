/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dl.h - a shared library that is loaded when it is first needed.
 *
 * One list of functions makes everything, whether the library is linked or
 * opened; both ways sym_NAME() calls NAME():
 *
 *	#define FUNCTIONS(each) each(lzma_code) each(lzma_end)
 *	#ifdef XZ_DLOPEN
 *	MOD_DLOPEN_NOTE("xz", "Modules in .xz files", "recommended",
 *			"liblzma.so.5");
 *	MOD_DL_OPENED(need_decoder, FUNCTIONS, "liblzma.so.5")
 *	#else
 *	MOD_DL_LINKED(need_decoder, FUNCTIONS)
 *	#endif
 *
 * and need_decoder() returns 0 once they can be called.
 */
#pragma once

#include "libmod/base/cleanup.h"

#include <pthread.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

struct mod_dl_symbol {
	const char *name;
	void **slot; /* where the address goes */
};

/* Loads soname and fills the slots of all symbols (list ends with a NULL
 * name); the library then stays.  Returns 0, -ENOSYS when the library or a
 * symbol is not there.
 */
_check_ int mod_dl_open(const char *soname,
			const struct mod_dl_symbol *symbols);

/* Addresses of functions are the same for every context and thread, written by
 * the one that needs them first and only read afterwards: the one thing that
 * the library keeps for the whole process.  A library that was not there stays
 * so, which spares a search for each of 4,000 files.
 */
#define MOD_DL_OPENED(need, functions, soname)                                 \
	functions(MOD_DL_SLOT_) static int need##_result_;                     \
	static void need##_load_(void)                                         \
	{                                                                      \
		static const struct mod_dl_symbol symbols[] = { functions(     \
			MOD_DL_SYMBOL_){ NULL, NULL } };                       \
		need##_result_ = mod_dl_open(soname, symbols);                 \
	}                                                                      \
	static int need(void)                                                  \
	{                                                                      \
		static pthread_once_t once = PTHREAD_ONCE_INIT;                \
		pthread_once(&once, need##_load_);                             \
		return need##_result_;                                         \
	}
#define MOD_DL_SLOT_(name) static __typeof__(name) *sym_##name;
#define MOD_DL_SYMBOL_(name) { #name, (void **)&sym_##name },

#define MOD_DL_LINKED(need, functions)                                         \
	functions(MOD_DL_DIRECT_) static int need(void)                        \
	{                                                                      \
		return 0;                                                      \
	}
#define MOD_DL_DIRECT_(name) static __typeof__(name) *const sym_##name = name;

/* A note in the binary that names a library for image builders and packagers;
 * the program may load it.  Source: systemd.io/ELF_DLOPEN_METADATA.
 */
#define MOD_DLOPEN_NOTE(feature, description, priority, soname)                \
	MOD_DLOPEN_JSON_("[{\"feature\":\"" feature                            \
			 "\",\"description\":\"" description                   \
			 "\",\"priority\":\"" priority                         \
			 "\",\"soname\":[\"" soname "\"]}]")
#ifdef __clang__ /* its sanitizer would pad the note like a variable */
#define MOD_DLOPEN_BARE_ __attribute__((no_sanitize("address")))
#else
#define MOD_DLOPEN_BARE_
#endif
#define MOD_DLOPEN_JSON_(text)                                                 \
	MOD_DLOPEN_BARE_ static const struct {                                 \
		uint32_t name_size, json_size, type;                           \
		char name[sizeof "FDO"];                                       \
		alignas(4) char json[sizeof text];                             \
	} MOD_DLOPEN_NAME_(__LINE__)                                           \
		__attribute__((used, section(".note.dlopen"), aligned(4))) = { \
			sizeof "FDO", sizeof text, 0x407c0c0a, "FDO", text     \
		}
#define MOD_DLOPEN_NAME_(line) MOD_DLOPEN_PASTE_(line)
#define MOD_DLOPEN_PASTE_(line) mod_dlopen_note_##line##_
