/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/json.h"

#include "src/log.h"
#include "src/output.h"
#include "src/utf8.h"

#ifdef HAVE_JANSSON
#include "libmod/base/dl.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SONAME "libjansson.so.4"
#define FUNCTIONS(each)                                                        \
	each(json_object) each(json_array) each(json_integer) each(json_true)  \
		each(json_false) each(json_null) each(json_stringn)            \
			each(json_object_set_new) each(json_array_append_new)  \
				each(json_object_get) each(json_dump_callback) \
					each(json_array_extend)                \
						each(json_delete)
#ifdef JANSSON_DLOPEN
MOD_DLOPEN_NOTE("json", "Output of --json", "suggested", SONAME);
MOD_DL_OPENED(need_library, FUNCTIONS, SONAME)
#else
MOD_DL_LINKED(need_library, FUNCTIONS)
#endif

static atomic_bool lost; /* memory ran out */

int js_start(void)
{
	if (need_library() == 0)
		return 0;
	return log_error("--json needs a library that is not there: " SONAME);
}

static struct js *made(json_t *value)
{
	if (!value)
		lost = true;
	return (struct js *)value;
}

struct js *js_object(void)
{
	return made(sym_json_object());
}

struct js *js_array(void)
{
	return made(sym_json_array());
}

struct js *js_number(long long value)
{
	return made(sym_json_integer(value));
}

struct js *js_bool(bool value)
{
	return made(value ? sym_json_true() : sym_json_false());
}

struct js *js_null(void)
{
	return made(sym_json_null());
}

struct js *js_bytes(const void *bytes, size_t n)
{
	size_t len;

	if (!n) /* they may be nowhere at all */
		return made(sym_json_stringn("", 0));
	if (utf8_prefix(bytes, n) == n)
		return made(sym_json_stringn(bytes, n));
	char *text = utf8_escape(bytes, n, &len);
	json_t *value = text ? sym_json_stringn(text, len) : NULL;
	free(text);
	return made(value);
}

struct js *js_text(const char *text)
{
	return text ? js_bytes(text, strlen(text)) : js_null();
}

/* The library refuses keys that are not UTF-8.  NULL where nothing is to be
 * done, or memory ran out.
 */
static char *escaped(const char *key)
{
	size_t n = strlen(key), len;

	return utf8_prefix(key, n) == n ? NULL : utf8_escape(key, n, &len);
}

void js_put(struct js *object, const char *key, struct js *value)
{
	char *text = escaped(key);

	if (sym_json_object_set_new((json_t *)object, text ? text : key,
				    (json_t *)value) < 0)
		lost = true;
	free(text);
}

void js_add(struct js *array, struct js *value)
{
	if (sym_json_array_append_new((json_t *)array, (json_t *)value) < 0)
		lost = true;
}

void js_add_all(struct js *array, struct js *list)
{
	if (sym_json_array_extend((json_t *)array, (json_t *)list) < 0)
		lost = true;
	js_drop(list);
}

/* What json_decref() is, which is no function of the library. */
void js_drop(struct js *value)
{
	json_t *json = (json_t *)value;

	if (json && json->refcount != (size_t)-1 && --json->refcount == 0)
		sym_json_delete(json);
}

struct js *js_get(const struct js *object, const char *key)
{
	char *text = escaped(key);
	json_t *value =
		sym_json_object_get((const json_t *)object, text ? text : key);

	free(text);
	return (struct js *)value;
}

static int print(const char *text, size_t n, void *data)
{
	(void)data;
	output_bytes(text, n);
	return 0;
}

int js_end(struct js *root)
{
	if (!lost &&
	    sym_json_dump_callback((json_t *)root, print, NULL,
				   JSON_INDENT(2)) == 0)
		output_text("\n");
	else
		lost = true;
	js_drop(root);
	return lost ? log_error("out of memory") : 0;
}

#else

int js_start(void)
{
	return log_error("--json: this program was built without jansson");
}

/* Nobody comes here without js_start(). */
struct js *js_object(void)
{
	return NULL;
}

struct js *js_array(void)
{
	return NULL;
}

struct js *js_number(long long value)
{
	(void)value;
	return NULL;
}

struct js *js_bool(bool value)
{
	(void)value;
	return NULL;
}

struct js *js_null(void)
{
	return NULL;
}

struct js *js_text(const char *text)
{
	(void)text;
	return NULL;
}

struct js *js_bytes(const void *bytes, size_t n)
{
	(void)bytes;
	(void)n;
	return NULL;
}

void js_put(struct js *object, const char *key, struct js *value)
{
	(void)object;
	(void)key;
	(void)value;
}

void js_add(struct js *array, struct js *value)
{
	(void)array;
	(void)value;
}

void js_add_all(struct js *array, struct js *list)
{
	(void)array;
	(void)list;
}

void js_drop(struct js *value)
{
	(void)value;
}

struct js *js_get(const struct js *object, const char *key)
{
	(void)object;
	(void)key;
	return NULL;
}

int js_end(struct js *root)
{
	(void)root;
	return 1;
}
#endif
