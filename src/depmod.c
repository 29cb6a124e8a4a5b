/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod.c - makes the indexes of a module tree. */
#include "src/depmod.h"
#include "src/log.h"
#include "src/output.h"
#include "src/tool.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static const char cache_home[] = "/var/cache/libmod";

/* "number dot number" at its start. */
static bool is_version(const char *text)
{
	unsigned major, minor;

	return sscanf(text, "%u.%u", &major, &minor) == 2;
}

/* ROOT/MODULE_DIR/VERSION, as it stands, from the current directory when ROOT
 * is relative.
 */
static int join_dir(char out[PATH_MAX], const char *root,
		    const char *module_dir, const char *version)
{
	char cwd[PATH_MAX] = "";

	if (root && *root != '/' && !getcwd(cwd, sizeof cwd))
		return log_error("the current directory is unknown: %s",
				 strerror(errno));
	int n = snprintf(out, PATH_MAX, "%s%s%s/%s/%s", cwd, *cwd ? "/" : "",
			 root ? root : "", module_dir, version);
	if (n < 0 || n >= PATH_MAX)
		return log_fatal("bad directory %s/%s/%s: path too long",
				 root ? root : "", module_dir, version);
	return 0;
}

/* mkdir -p */
static int make_dirs(const char *path)
{
	char part[PATH_MAX];

	for (const char *p = path + 1;; p++) {
		if (*p && *p != '/')
			continue;
		memcpy(part, path, (size_t)(p - path));
		part[p - path] = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return log_fatal("could not create directory %s: %s",
					 part, strerror(errno));
		if (!*p)
			return 0;
	}
}

static int set_dirs(struct depmod *d, int argc, char **argv)
{
	struct utsname uts;

	if (optind < argc) {
		d->run.version = argv[optind++];
		if (!is_version(d->run.version))
			return log_error("Bad version passed %s",
					 d->run.version);
	} else {
		uname(&uts);
		d->run.version = strcpy(d->release, uts.release);
	}
	if (!d->all && !d->run.quick && optind < argc)
		d->run.files = argv + optind;
	for (char *const *f = d->run.files; f && *f; f++)
		if (**f != '/')
			return log_fatal("%s: not absolute path.", *f);
	if (join_dir(d->dir, d->root, d->module_dir, d->run.version) != 0 ||
	    join_dir(d->out_dir, d->out_root ? d->out_root : d->root,
		     d->module_dir, d->run.version) != 0)
		return 1;
	d->run.dir = d->dir;
	d->run.out_dir = d->out_dir;
	return d->out_root && !d->show ? make_dirs(d->out_dir) : 0;
}

/* Where records are remembered: as the user says; for the running system's own
 * tree a place of ours, if it can be made; else nowhere.
 */
static void set_cache(struct depmod *d)
{
	const char *slash = d->cache ? strrchr(d->cache, '/') : NULL;
	int n;

	if (d->no_cache || d->show || d->run.files)
		return;
	if (d->cache) {
		n = snprintf(d->cache_dir, sizeof d->cache_dir, "%.*s",
			     slash ? (int)(slash - d->cache) + 1 : 1,
			     slash ? d->cache : ".");
		n = n < (int)sizeof d->cache_dir
			? snprintf(d->cache_name, sizeof d->cache_name, "%s",
				   slash ? slash + 1 : d->cache)
			: -1;
	} else if (d->root || d->out_root || d->own_module_dir ||
		   strchr(d->run.version, '/') ||
		   (mkdir(cache_home, 0755) < 0 && errno != EEXIST)) {
		return;
	} else {
		strcpy(d->cache_dir, cache_home);
		n = snprintf(d->cache_name, sizeof d->cache_name,
			     "depmod-%s.cache", d->run.version);
	}
	if (n <= 0 || n >= (int)sizeof d->cache_name)
		return;
	d->run.cache_dir = d->cache_dir;
	d->run.cache_name = d->cache_name;
}

/* "depmod-VERSION.cache", or what was to become it, whose tree is gone. */
static bool is_old_cache(const struct depmod *d, const char *name)
{
	static const char head[] = "depmod-", tail[] = ".cache";
	const char *version = name + strlen(head), *end = NULL;
	char path[PATH_MAX];

	if (strncmp(name, head, strlen(head)) != 0)
		return false;
	for (const char *at = version; (at = strstr(at, tail)); at++)
		end = at;
	if (!end || end == version ||
	    (end[strlen(tail)] && strcmp(end + strlen(tail), ".tmp") != 0))
		return false;
	int n = snprintf(path, sizeof path, "/%s/%.*s", d->module_dir,
			 (int)(end - version), version);
	return n < (int)sizeof path && access(path, F_OK) < 0 &&
		errno == ENOENT;
}

/* What runs for kernels that are not installed any more left behind. */
static void remove_old_caches(const struct depmod *d)
{
	DIR *dir;
	struct dirent *entry;

	if (d->run.cache_dir != d->cache_dir || d->cache ||
	    !(dir = opendir(cache_home)))
		return;
	while ((entry = readdir(dir)))
		if (is_old_cache(d, entry->d_name))
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

static void show_text(void *data, const char *text, size_t len)
{
	(void)data;
	output_bytes(text, len);
}

static void show_edge(void *data, const char *needs, const char *symbol,
		      const char *has)
{
	(void)data;
	output_fmt("%s needs \"%s\": %s\n", needs, symbol, has);
}

/* For a person who waits: not before a second has passed, and gone at the end.
 */
static void show_progress(void *data, size_t done, size_t n)
{
	struct depmod *d = data;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	long ms = (long)(now.tv_sec - d->start.tv_sec) * 1000 +
		(now.tv_nsec - d->start.tv_nsec) / 1000000;
	if (done == n && d->shown_at > 0) {
		fputs("\r\033[K", stderr);
	} else if (done < n && ms > 1000 && ms - d->shown_at > 100) {
		fprintf(stderr, "\r%zu of %zu modules read", done, n);
		d->shown_at = ms;
	}
}

/* The library's messages; one of them has two lines, which scripts read. */
static void hear(void *data, int level, const char *text)
{
	static const char twice[] = "duplicate module alias:";
	size_t len = strlen(twice);

	if (strncmp(text, twice, len) != 0 || text[len] != '\n') {
		log_from_library(data, level, text);
		return;
	}
	log_from_library(data, level, twice);
	log_more(level, text + len + 1);
}

static void set_ears(struct depmod *d)
{
	d->run.data = d;
	if (d->show)
		d->run.show = show_text;
	if (d->json)
		d->run.graph = depmod_json;
	else if (d->verbose > 0)
		d->run.edge = show_edge;
	if (isatty(STDERR_FILENO)) {
		clock_gettime(CLOCK_MONOTONIC, &d->start);
		d->run.progress = show_progress;
	}
}

static int complain(const struct depmod *d, int r)
{
	const char *subject = mod_error_subject(d->ctx);

	if (d->run.has_cycles) /* each was reported */
		return 1;
	if (strcmp(subject, d->dir) == 0) {
		log_error("could not open directory %s: %s", d->dir,
			  strerror(-r));
		return log_fatal("could not search modules: %s", strerror(-r));
	}
	if (mod_error_code(d->ctx) == r)
		return log_fatal("%s", mod_error_sentence(d->ctx));
	return log_fatal("%s", strerror(-r));
}

static int run(struct depmod *d, int argc, char **argv)
{
	int r = depmod_parse(d, argc, argv);

	if (r != TOOL_GOES_ON)
		return r;
	mod_ctx_set_log(d->ctx, hear, NULL, log_level());
	if (set_dirs(d, argc, argv) != 0)
		return 1;
	if (d->show && d->run.quick)
		return 0;
	if (d->run.report_symbols && !d->run.symvers && !d->run.map) {
		log_warning("-e needs -E or -F");
		d->run.report_symbols = false;
	}
	set_cache(d);
	set_ears(d);
	r = mod_depmod(d->ctx, &d->run);
	if (r < 0)
		return complain(d, r);
	remove_old_caches(d);
	return d->errexit && d->run.bad_modules;
}

/* Freed memory is used again soon: it costs time to get it from the kernel
 * each time.  Other C libraries do not know of that.
 */
static void keep_memory(void)
{
#if defined M_MMAP_THRESHOLD && defined M_TRIM_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, 2 << 20);
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
#endif
}

static int depmod(int argc, char **argv)
{
	static struct depmod d;
	_ctx_ struct mod_ctx *ctx = NULL;

	keep_memory();
	log_start("depmod", LOG_WARNING);
	if (tool_ctx(&ctx) != 0)
		return 1;
	d = (struct depmod){ .ctx = ctx, .module_dir = MOD_MODULE_DIRECTORY };
	d.module_dir += strspn(d.module_dir, "/");
	return run(&d, argc, argv);
}

const struct tool tool_depmod = { "depmod", depmod,
				  "make the indexes of a module tree" };
