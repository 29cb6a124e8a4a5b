/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "testsuite/fake/kernel.h"

#include "libmod/base/name.h"
#include "libmod/base/str.h"
#include "libmod/sys/kernel.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MODULES = 64 };

struct fake {
	char name[64];
	int needs[MODULES], need_count;
	int users; /* modules and others */
	bool loaded;
	int error;           /* of the next call */
	uint64_t busy_until; /* by the fake clock */
};

static struct {
	char root[PATH_MAX / 2];
	struct fake at[MODULES];
	int n;
	uint64_t now;
	int status;
	int wanted, met; /* loads at the same time */
	struct mod_str log;
} kernel;

/* For all of it, as modules may be loaded by several threads. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;

static int find(const char *name)
{
	for (int i = 0; i < kernel.n; i++)
		if (strcmp(kernel.at[i].name, name) == 0)
			return i;
	if (kernel.n == MODULES || strlen(name) >= sizeof kernel.at[0].name)
		errx(1, "the fake kernel has no room for %s", name);
	strcpy(kernel.at[kernel.n].name, name);
	return kernel.n++;
}

__attribute__((format(printf, 1, 2))) static char *path(const char *fmt, ...)
{
	static char buf[PATH_MAX];
	va_list ap;
	int n = snprintf(buf, sizeof buf, "%s/sys/module/", kernel.root);

	va_start(ap, fmt);
	vsnprintf(buf + n, sizeof buf - (size_t)n, fmt, ap);
	va_end(ap);
	return buf;
}

static void write_text(const char *file, const char *text)
{
	FILE *f = fopen(file, "w");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		err(1, "%s", file);
}

static void write_users(const struct fake *m)
{
	char text[16];

	snprintf(text, sizeof text, "%d\n", m->users);
	write_text(path("%s/refcnt", m->name), text);
}

static void load(struct fake *m, int users)
{
	m->loaded = true;
	m->users = users;
	mkdir(path("%s", m->name), 0755);
	mkdir(path("%s/holders", m->name), 0755);
	write_text(path("%s/initstate", m->name), "live\n");
	write_users(m);
	for (int i = 0; i < m->need_count; i++) {
		struct fake *needed = &kernel.at[m->needs[i]];
		needed->users++;
		write_users(needed);
		write_text(path("%s/holders/%s", needed->name, m->name), "");
	}
}

static void unload(struct fake *m)
{
	m->loaded = false;
	for (int i = 0; i < m->need_count; i++) {
		struct fake *needed = &kernel.at[m->needs[i]];
		needed->users--;
		write_users(needed);
		unlink(path("%s/holders/%s", needed->name, m->name));
	}
	unlink(path("%s/initstate", m->name));
	unlink(path("%s/refcnt", m->name));
	rmdir(path("%s/holders", m->name));
	rmdir(path("%s", m->name));
}

void fake_start(const char *root)
{
	fake_end();
	snprintf(kernel.root, sizeof kernel.root, "%s", root);
	char dir[PATH_MAX];
	snprintf(dir, sizeof dir, "%s/sys", root);
	mkdir(dir, 0755);
	mkdir(path("%s", ""), 0755);
}

void fake_end(void)
{
	mod_str_fini(&kernel.log);
	memset(&kernel, 0, sizeof kernel);
}

void fake_depends(const char *module, const char *needed)
{
	int n = find(needed);
	struct fake *m = &kernel.at[find(module)];

	m->needs[m->need_count++] = n;
}

void fake_load(const char *module, int users)
{
	load(&kernel.at[find(module)], users);
}

void fake_fail(const char *module, int error)
{
	kernel.at[find(module)].error = error;
}

void fake_busy(const char *module, unsigned long ms)
{
	kernel.at[find(module)].busy_until = kernel.now + ms;
}

const char *fake_log(void)
{
	mod_str_add(&kernel.log, "");
	return kernel.log.at;
}

void fake_forget(void)
{
	mod_str_fini(&kernel.log);
}

void fake_meet(int count)
{
	kernel.wanted = count;
	kernel.met = 0;
}

static int meet(void)
{
	struct timespec end;
	int r = 0;

	kernel.met++;
	pthread_cond_broadcast(&came);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 20;
	while (kernel.met < kernel.wanted && r == 0)
		r = pthread_cond_timedwait(&came, &lock, &end);
	return r ? -ETIME : 0;
}

void fake_shell_status(int status)
{
	kernel.status = status;
}

bool fake_is_loaded(const char *module)
{
	return kernel.at[find(module)].loaded;
}

/* ---- libmod/sys/kernel.h */

static int take_error(struct fake *m)
{
	int error = m->error;

	m->error = 0;
	return -error;
}

static int finit(int fd, const char *options, unsigned flags)
{
	char link[64], file[PATH_MAX], name[64];

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, file, sizeof file - 1);
	if (n < 0)
		return -errno;
	file[n] = '\0';
	if (mod_name_of_path(name, sizeof name, file) < 0)
		return -ENOEXEC;
	mod_str_addf(&kernel.log, "finit %s %s %u\n", name, options, flags);
	struct fake *m = &kernel.at[find(name)];
	if (m->error)
		return take_error(m);
	if (m->loaded)
		return -EEXIST;
	for (int i = 0; i < m->need_count; i++)
		if (!kernel.at[m->needs[i]].loaded)
			return -ENOENT;
	int r = meet();
	if (r == 0)
		load(m, 0);
	return r;
}

int mod_kernel_finit(int fd, const char *options, unsigned flags)
{
	pthread_mutex_lock(&lock);
	int r = finit(fd, options, flags);
	pthread_mutex_unlock(&lock);
	return r;
}

int mod_kernel_init(struct mod_bytes image, const char *options)
{
	pthread_mutex_lock(&lock);
	mod_str_addf(&kernel.log, "init %zu %s\n", image.len, options);
	pthread_mutex_unlock(&lock);
	return 0;
}

int mod_kernel_delete(const char *name, bool force)
{
	struct fake *m = &kernel.at[find(name)];

	mod_str_addf(&kernel.log, "delete %s%s\n", name, force ? " force" : "");
	if (m->error)
		return take_error(m);
	if (!m->loaded)
		return -ENOENT;
	if (m->users > 0 || kernel.now < m->busy_until)
		return -EAGAIN;
	unload(m);
	return 0;
}

int mod_kernel_shell(const char *command, char *const *environment,
		     char *const *settings, int *status)
{
	pthread_mutex_lock(&lock);
	mod_str_addf(&kernel.log, "sh %s", command);
	for (; environment && *environment; environment++)
		mod_str_addf(&kernel.log, " {%s}", *environment);
	for (; *settings; settings++)
		mod_str_addf(&kernel.log, " [%s]", *settings);
	mod_str_add(&kernel.log, "\n");
	*status = kernel.status;
	pthread_mutex_unlock(&lock);
	return 0;
}

static int64_t today;

void fake_today(int64_t when)
{
	today = when;
}

int64_t mod_kernel_today(void)
{
	return today ? today : time(NULL);
}

uint64_t mod_kernel_now(void)
{
	return kernel.now;
}

void mod_kernel_sleep_until(uint64_t moment)
{
	mod_str_addf(&kernel.log, "sleep %llu\n", (unsigned long long)moment);
	kernel.now = moment;
}
