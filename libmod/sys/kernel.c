/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/sys/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int mod_kernel_finit(int fd, const char *options, unsigned flags)
{
	return syscall(SYS_finit_module, fd, options, flags) < 0 ? -errno : 0;
}

int mod_kernel_init(struct mod_bytes image, const char *options)
{
	return syscall(SYS_init_module, image.at, image.len, options) < 0
		? -errno
		: 0;
}

int mod_kernel_delete(const char *name, bool force)
{
	unsigned flags = O_NONBLOCK | (force ? O_TRUNC : 0U);

	return syscall(SYS_delete_module, name, flags) < 0 ? -errno : 0;
}

static bool is_set_again(const char *variable, char *const *settings)
{
	for (; *settings; settings++)
		if (strncmp(variable, *settings,
			    (size_t)(strchrnul(*settings, '=') - *settings) +
				    1) == 0)
			return true;
	return false;
}

/* The environment and the settings, as execve(2) wants it.  The strings stay
 * where they are; only the list is new.
 */
static char **environment_with(char *const *environment, char *const *settings)
{
	size_t had = 0, more = 0, n = 0;

	while (environment && environment[had])
		had++;
	while (settings[more])
		more++;
	char **list = calloc(had + more + 1, sizeof *list);
	if (!list)
		return NULL;
	for (size_t i = 0; i < had; i++)
		if (!is_set_again(environment[i], settings))
			list[n++] = environment[i];
	for (size_t i = 0; i < more; i++)
		list[n++] = settings[i];
	return list;
}

/* A command must find 0, 1 and 2 open, or its first files land there. */
static int plug_standard(posix_spawn_file_actions_t *actions)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		int r = posix_spawn_file_actions_addopen(
			actions, fd, "/dev/null",
			fd == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
		if (r != 0)
			return -r;
	}
	return 0;
}

static int spawn_and_wait(const char *command, char **env, int *status)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)command,
			       NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	int r = posix_spawn_file_actions_init(&actions);
	if (r != 0)
		return -r;
	r = plug_standard(&actions);
	if (r == 0)
		r = -posix_spawn(&pid, "/bin/sh", &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	if (r < 0)
		return r;
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int mod_kernel_shell(const char *command, char *const *environment,
		     char *const *settings, int *status)
{
	_free_ char **env = environment_with(environment, settings);

	return env ? spawn_and_wait(command, env, status) : -ENOMEM;
}

int64_t mod_kernel_today(void)
{
	return time(NULL);
}

uint64_t mod_kernel_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void mod_kernel_sleep_until(uint64_t moment)
{
	const struct timespec until = {
		.tv_sec = (time_t)(moment / 1000),
		.tv_nsec = (long)(moment % 1000) * 1000000,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	       EINTR)
		;
}
