/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "src/tool.h"

#include "src/log.h"
#include "src/output.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

bool tool_is_module_name(const char *path)
{
	static const char *const suffixes[] = { ".ko", ".ko.gz", ".ko.xz",
						".ko.zst" };
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t n = strlen(suffixes[i]);
		if (len > n && strcmp(path + len - n, suffixes[i]) == 0)
			return true;
	}
	return false;
}

const char *tool_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Other programs read this.  The third word of line 1 is compared as a number.
 * Some take the third word of every line into shell arithmetic, or look for
 * " [0-9]" in every line: line 3 has no third word and no space before a digit.
 */
int tool_version(void)
{
	output_text("kmod version " KMOD_VERSION "\n");
	output_text(mod_features());
	output_text("\nlibmod v");
	output_text(mod_version());
	output_text("\n");
	return 0;
}

int tool_help(const struct options *options)
{
	options_help(options);
	return 0;
}

int tool_option(int c, const struct options *options)
{
	switch (c) {
	case 's':
		log_to_syslog();
		return TOOL_GOES_ON;
	case 'v':
		log_more_verbose();
		return TOOL_GOES_ON;
	case 'V':
		return tool_version();
	case 'h':
		return tool_help(options);
	default: /* getopt_long() has complained */
		return 1;
	}
}

int tool_ctx(struct mod_ctx **out)
{
	if (mod_ctx_new(out) < 0)
		return log_error("out of memory");
	mod_ctx_set_log(*out, log_from_library, NULL, log_level());
	return 0;
}

bool tool_number(const char *text, unsigned long *n)
{
	unsigned long value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (digit > 9 || __builtin_mul_overflow(value, 10UL, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*n = value;
	return true;
}

int tool_jobs(const char *text, unsigned *threads)
{
	unsigned long n;

	if (!tool_number(text, &n) || n == 0)
		return log_error("unexpected number of jobs '%s'.", text);
	*threads = n > UINT_MAX ? UINT_MAX : (unsigned)n;
	return TOOL_GOES_ON;
}

/* Where the opening quote goes, or NULL when the word needs none. */
static const char *quote_at(const char *param)
{
	const char *equal = strchr(param, '=');

	if (!equal || equal[1] == '\'' || !strchr(equal, ' ') ||
	    strchr(equal, '"'))
		return NULL;
	return equal + 1;
}

static char *add_param(char *to, const char *param)
{
	const char *value = quote_at(param);

	if (!value)
		return stpcpy(to, param);
	to = mempcpy(to, param, (size_t)(value - param));
	*to++ = '"';
	to = stpcpy(to, value);
	*to++ = '"';
	return to;
}

char *tool_join_params(char *const *params)
{
	size_t room = 1;
	char *joined, *to;

	for (size_t i = 0; params[i]; i++)
		room += strlen(params[i]) + strlen(" \"\"");
	joined = malloc(room);
	if (!joined)
		return NULL;
	to = joined;
	for (size_t i = 0; params[i]; i++) {
		if (i)
			*to++ = ' ';
		to = add_param(to, params[i]);
	}
	*to = '\0';
	return joined;
}

int tool_errno(const struct mod_error *error, int r)
{
	bool own = mod_error_origin(error) != MOD_ORIGIN_KERNEL;

	return own && (r == -EBADMSG || r == -E2BIG) ? EINVAL : -r;
}

const char *tool_strerror(const struct mod_error *error, int r)
{
	return strerror(tool_errno(error, r));
}

const char *tool_cause(const struct mod_error *error, int r)
{
	if (mod_error_code(error) != r)
		return NULL;
	if (mod_error_origin(error) == MOD_ORIGIN_SIGNATURE)
		return mod_error_message(error);
	if (mod_error_origin(error) != MOD_ORIGIN_FILE)
		return NULL;
	switch (r) {
	case -ENOEXEC:
	case -EBADMSG:
	case -EINVAL:
	case -E2BIG:
	case -ENOSYS:
	case -ENOTSUP:
		return mod_error_message(error);
	}
	return NULL;
}
