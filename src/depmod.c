/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* depmod.c - makes the indexes of a module tree. */
#include "src/out.h"
#include "src/say.h"
#include "src/tool.h"

#include "libmod/act/depmod.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"Usage:\n"
	"\tdepmod [-a|-A] [options] [VERSION]\n"
	"\tdepmod [options] VERSION /PATH/MODULE.ko...\n"
	"\n"
	"Options:\n"
	"\t-a, --all                all modules of the tree (the default)\n"
	"\t-A, --quick              only when something is newer than "
	"modules.dep\n"
	"\t-b, --basedir DIR        root in front of the module directory\n"
	"\t-m, --moduledir DIR      module directory instead "
	"of " MOD_MODULE_DIRECTORY "\n"
	"\t-o, --outdir DIR         root in front of it for what is written\n"
	"\t-C, --config PATH        file or folder instead of depmod.d; may "
	"repeat\n"
	"\t-e, --errsyms            report unknown symbols; wants -E or -F\n"
	"\t-E, --symvers FILE       the kernel's symbols: a Module.symvers\n"
	"\t-F, --filesyms FILE      the kernel's symbols: a System.map\n"
	"\t-P, --symbol-prefix C    a character that symbols begin with\n"
	"\t-j, --jobs N             threads (default: the CPUs there are)\n"
	"\t-n, --show, --dry-run    print the text files, write nothing\n"
	"\t-w, --warn               warn of aliases that a module has twice\n"
	"\t-x, --errexit            exit 1 when any module could not be read\n"
	"\t    --cache FILE         remember modules there between runs\n"
	"\t    --no-cache           remember nothing\n"
	"\t    --no-sync            do not wait until all is on the disk\n"
	"\t-v, --verbose            show who needs whom; twice: more messages\n"
	"\t-V, --version            show version\n"
	"\t-h, --help               show this help\n";

enum { OPT_CACHE = 256, OPT_NO_CACHE, OPT_NO_SYNC, OPT_IGNORED };

static const char cache_home[] = "/var/cache/libmod";

struct depmod {
	struct mod_ctx *ctx;
	struct mod_depmod run;
	const char *root, *out_root, *module_dir;
	const char *cache; /* the user's file, or NULL */
	bool all, show, errexit, no_cache, own_module_dir;
	unsigned verbose;
	char dir[PATH_MAX], out_dir[PATH_MAX], release[_UTSNAME_LENGTH];
	char cache_dir[PATH_MAX], cache_name[NAME_MAX];
	struct timespec start;
};

static int parse_jobs(struct depmod *d, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '1' || *text > '9' || *end || n > 1024)
		return say_error("unexpected number of jobs '%s'.", text);
	d->run.threads = (unsigned)n;
	return TOOL_GOES_ON;
}

static int take_option(struct depmod *d, int c)
{
	switch (c) {
	case 'a':
		d->all = true;
		break;
	case 'A':
		d->run.quick = true;
		break;
	case 'b':
		d->root = *optarg ? optarg : ".";
		break;
	case 'm':
		d->module_dir = optarg + strspn(optarg, "/");
		d->own_module_dir = true;
		break;
	case 'o':
		d->out_root = *optarg ? optarg : ".";
		break;
	case 'C':
		if (mod_ctx_add_config(d->ctx, optarg) < 0)
			return say_error("out of memory");
		if (access(optarg, F_OK) < 0)
			say_warning("%s: %s", optarg, strerror(errno));
		break;
	case 'e':
		d->run.report_symbols = true;
		break;
	case 'E':
		d->run.symvers = optarg;
		break;
	case 'F':
		d->run.map = optarg;
		break;
	case 'P':
		if (strlen(optarg) != 1)
			return say_fatal("-P only takes a single char");
		d->run.prefix = *optarg;
		break;
	case 'j':
		return parse_jobs(d, optarg);
	case 'n':
		d->show = true;
		break;
	case 'w':
		d->run.warn_duplicates = true;
		break;
	case 'x':
		d->errexit = true;
		break;
	case 'v':
		/* The first shows edges, those after it more messages. */
		if (d->verbose++ > 0)
			say_louder();
		break;
	case OPT_CACHE:
		d->cache = optarg;
		break;
	case OPT_NO_CACHE:
		d->no_cache = true;
		break;
	case OPT_NO_SYNC:
		d->run.no_sync = true;
		break;
	case 'q':
	case 'r':
	case 'u':
	case OPT_IGNORED:
		break;
	default:
		return tool_option(c, usage);
	}
	return TOOL_GOES_ON;
}

static int parse(struct depmod *d, int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", 0, NULL, 'a' },
		{ "quick", 0, NULL, 'A' },
		{ "basedir", 1, NULL, 'b' },
		{ "moduledir", 1, NULL, 'm' },
		{ "outdir", 1, NULL, 'o' },
		{ "config", 1, NULL, 'C' },
		{ "errsyms", 0, NULL, 'e' },
		{ "symvers", 1, NULL, 'E' },
		{ "filesyms", 1, NULL, 'F' },
		{ "symbol-prefix", 1, NULL, 'P' },
		{ "jobs", 1, NULL, 'j' },
		{ "show", 0, NULL, 'n' },
		{ "dry-run", 0, NULL, 'n' },
		{ "warn", 0, NULL, 'w' },
		{ "errexit", 0, NULL, 'x' },
		{ "cache", 1, NULL, OPT_CACHE },
		{ "no-cache", 0, NULL, OPT_NO_CACHE },
		{ "no-sync", 0, NULL, OPT_NO_SYNC },
		/* Of the 2.4 and 2.6 age; scripts still pass them. */
		{ "quiet", 0, NULL, 'q' },
		{ "root", 0, NULL, 'r' },
		{ "unresolved-error", 0, NULL, 'u' },
		{ "map", 0, NULL, OPT_IGNORED },
		TOOL_OPTION_VERBOSE,
		TOOL_OPTION_VERSION,
		TOOL_OPTION_HELP,
		{ 0 },
	};
	int c, r;

	while ((c = getopt_long(argc, argv, "aAb:m:o:C:E:F:evnP:j:wxqruVh",
				options, NULL)) != -1) {
		r = take_option(d, c);
		if (r != TOOL_GOES_ON)
			return r;
	}
	return TOOL_GOES_ON;
}

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
		return say_error("the current directory is unknown: %s",
				 strerror(errno));
	int n = snprintf(out, PATH_MAX, "%s%s%s/%s/%s", cwd, *cwd ? "/" : "",
			 root ? root : "", module_dir, version);
	if (n < 0 || n >= PATH_MAX)
		return say_fatal("bad directory %s/%s/%s: path too long",
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
			return say_fatal("could not create directory %s: %s",
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
			return say_error("Bad version passed %s",
					 d->run.version);
	} else {
		uname(&uts);
		d->run.version = strcpy(d->release, uts.release);
	}
	if (!d->all && !d->run.quick && optind < argc)
		d->run.files = argv + optind;
	for (char *const *f = d->run.files; f && *f; f++)
		if (**f != '/')
			return say_fatal("%s: not absolute path", *f);
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

/* "depmod-VERSION.cache", whose tree is gone. */
static bool is_old_cache(const struct depmod *d, const char *name)
{
	static const char head[] = "depmod-", tail[] = ".cache";
	size_t len = strlen(name), both = strlen(head) + strlen(tail);
	char path[PATH_MAX];

	if (len <= both || strncmp(name, head, strlen(head)) != 0 ||
	    strcmp(name + len - strlen(tail), tail) != 0)
		return false;
	int n = snprintf(path, sizeof path, "/%s/%.*s", d->module_dir,
			 (int)(len - both), name + strlen(head));
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
	out_bytes(text, len);
}

static void show_edge(void *data, const char *needs, const char *symbol,
		      const char *has)
{
	(void)data;
	out_fmt("%s needs \"%s\": %s\n", needs, symbol, has);
}

/* For a person who waits, not before a second has passed. */
static void show_progress(void *data, size_t done, size_t n)
{
	struct depmod *d = data;
	struct timespec now;

	if (done % 64 != 0 || clock_gettime(CLOCK_MONOTONIC, &now) < 0 ||
	    now.tv_sec - d->start.tv_sec < 2)
		return;
	fprintf(stderr, "\r%zu of %zu modules read", done, n);
	if (done + 64 >= n)
		fprintf(stderr, "\r\033[K");
}

static void set_ears(struct depmod *d)
{
	d->run.data = d;
	if (d->show)
		d->run.show = show_text;
	if (d->verbose > 0)
		d->run.edge = show_edge;
	if (isatty(STDERR_FILENO)) {
		clock_gettime(CLOCK_MONOTONIC, &d->start);
		d->run.progress = show_progress;
	}
}

static int complain(const struct depmod *d, int r)
{
	const char *subject = mod_error_subject(d->ctx);

	if (r == -ELOOP) /* said ring by ring */
		return 1;
	if (strcmp(subject, d->dir) == 0) {
		say_error("could not open directory %s: %s", d->dir,
			  strerror(-r));
		return say_fatal("could not search modules: %s", strerror(-r));
	}
	if (mod_error_code(d->ctx) == r)
		return say_fatal("%s", mod_error_sentence(d->ctx));
	return say_fatal("%s", strerror(-r));
}

static int run(struct depmod *d, int argc, char **argv)
{
	int r = parse(d, argc, argv);

	if (r != TOOL_GOES_ON)
		return r;
	mod_ctx_set_log(d->ctx, say_log, NULL, say_level());
	if (set_dirs(d, argc, argv) != 0)
		return 1;
	if (d->show && d->run.quick)
		return 0;
	if (d->run.report_symbols && !d->run.symvers && !d->run.map) {
		say_warning("-e needs -E or -F");
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

static int depmod(int argc, char **argv)
{
	static struct depmod d;
	_ctx_ struct mod_ctx *ctx = NULL;

	say_start("depmod", LOG_WARNING);
	if (tool_ctx(&ctx) != 0)
		return 1;
	d = (struct depmod){ .ctx = ctx, .module_dir = MOD_MODULE_DIRECTORY };
	d.module_dir += strspn(d.module_dir, "/");
	return run(&d, argc, argv);
}

const struct tool tool_depmod = { "depmod", depmod,
				  "make the indexes of a module tree" };
