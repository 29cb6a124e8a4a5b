/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libmod.h - Linux kernel modules: read, find, plan, load and unload them.
 *
 * The one public header of libmod.
 *
 * A context says where things are and who hears messages.  It belongs to one
 * thread at a time; any number of contexts may be used side by side.  Nothing
 * is shared between them and the library keeps no globals.
 *
 * Results: 0 is success, a negative errno is a failure, and 1 is a function's
 * own second result ("none"), where it is documented.  After a
 * failure mod_ctx_error() describes it: where it comes from, its subject, a
 * message, and advice.
 *
 * A list that an object holds has X_count() and X_at(); X_at() returns NULL
 * after the last element.  Everything else is walked: X_each() calls
 *
 *	int fn(void *data, const struct mod_THING *thing)
 *
 * for one thing after the other.  A result that is not 0 ends the walk and is
 * the result of X_each(), which otherwise returns 0, 1 where that is
 * documented, or an error.  Unless stated otherwise the thing and its strings
 * exist during the call only.
 *
 * A structure that a caller fills or that a call fills for him begins with its
 * size, and new members are added to its end.  -EINVAL means that the size is
 * not set; -EOPNOTSUPP, that a member is not zero which this library does not
 * know because the caller was built with a later one.
 *
 * Strings are NUL-terminated bytes in the encoding of the file system; what a
 * getter returns belongs to the object it was asked from.  Objects are made by
 * functions that take a pointer to a pointer, which is set on success only,
 * and are ended by the function named *_free().  All of them must be freed
 * before their context.
 */
#ifndef LIBMOD_H
#define LIBMOD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MOD_API __attribute__((visibility("default")))
#define MOD_MUST_CHECK __attribute__((warn_unused_result))

/* ------------------------------------------------------------ the library */

/* "0.1.0" */
MOD_API const char *mod_version(void);

/* "+ZSTD +XZ +ZLIB +OPENSSL": what this build can do ("-X": what it cannot). */
MOD_API const char *mod_features(void);

/* ------------------------------------------------------------ the context */

struct mod_ctx;

/* A context for the running system.  Reads nothing yet.
 * Returns 0 or -ENOMEM.
 */
MOD_API MOD_MUST_CHECK int mod_ctx_new(struct mod_ctx **out);

MOD_API void mod_ctx_free(struct mod_ctx *ctx); /* NULL is allowed */

/* Where things are.  To be called before the first use of the context; strings
 * are copied.  Each returns 0 or -ENOMEM.
 *
 * root     in front of the module directory ("" by default).  The tree is
 *          ROOT/lib/modules/RELEASE (a build option), joined as it stands; a
 *          relative one is taken from the current directory.
 * release  instead of the running kernel's.
 * proc     instead of /proc; sys instead of /sys.
 */
MOD_API MOD_MUST_CHECK int mod_ctx_set_root(struct mod_ctx *ctx,
					    const char *root);
MOD_API MOD_MUST_CHECK int mod_ctx_set_release(struct mod_ctx *ctx,
					       const char *release);
MOD_API MOD_MUST_CHECK int mod_ctx_set_proc(struct mod_ctx *ctx,
					    const char *dir);
MOD_API MOD_MUST_CHECK int mod_ctx_set_sys(struct mod_ctx *ctx,
					   const char *dir);

/* The prefix of each default directory of the configuration (/etc/modprobe.d,
 * /run/modprobe.d, /usr/lib/modprobe.d ...), "" by default; joined unchanged.
 * A program that reads another system, such as an image, sets this, root, proc
 * and sys; files that are absent there count as empty.  To plan as if nothing
 * were loaded, see MOD_RUN_IGNORE_LOADED.
 */
MOD_API MOD_MUST_CHECK int mod_ctx_set_config_root(struct mod_ctx *ctx,
						   const char *root);

/* Adds a modprobe.d file or directory, without a prefix.  The first call
 * replaces all default directories.
 */
MOD_API MOD_MUST_CHECK int mod_ctx_add_config(struct mod_ctx *ctx,
					      const char *path);

/* The module tree's directory, the start of all paths of modules.  Returns 0;
 * -ENAMETOOLONG, -ENOMEM, or why the current directory is unknown.
 */
MOD_API MOD_MUST_CHECK int mod_ctx_tree_dir(struct mod_ctx *ctx,
					    const char **dir);

/* Warnings and notes go to fn, as one sentence without newline.  level is
 * syslog's LOG_*; messages less urgent than least are not made at all.
 * Without a call nobody hears anything.
 */
typedef void mod_log_fn(void *data, int level, const char *text);
MOD_API void mod_ctx_set_log(struct mod_ctx *ctx, mod_log_fn *fn, void *data,
			     int least);

/* ----------------------------------------------------------------- errors */

/* Where an error number comes from: the kernel and the library use the same
 * numbers for different things.
 */
enum mod_origin {
	MOD_ORIGIN_NONE,     /* nothing failed */
	MOD_ORIGIN_FILE,     /* a file: absent, unreadable or corrupt */
	MOD_ORIGIN_KERNEL,   /* the kernel refused the module */
	MOD_ORIGIN_POLICY,   /* a rule of the configuration forbids it */
	MOD_ORIGIN_CONFIG,   /* the configuration makes no sense */
	MOD_ORIGIN_COMMAND,  /* an install or remove command failed */
	MOD_ORIGIN_LOOKUP,   /* no such module */
	MOD_ORIGIN_STATE,    /* in use, built in, not loaded, loaded already */
	MOD_ORIGIN_CALLER,   /* what was asked makes no sense */
	MOD_ORIGIN_SYSTEM,   /* memory, descriptors and the like */
	MOD_ORIGIN_SIGNATURE /* the kernel refused the module for its signature,
			      * or for having none */
};

/* Why the last call failed; belongs to the context and changes with it. */
struct mod_error;

/* Of the last call on this context, or on an object made with it, that can
 * fail: such a call returns a status.  Getters and *_free() leave it alone.
 * Never NULL; without a failure its code is 0 and its texts are "".
 */
MOD_API const struct mod_error *mod_ctx_error(const struct mod_ctx *ctx);
MOD_API int mod_error_code(const struct mod_error *error); /* -errno, or 0 */
MOD_API enum mod_origin mod_error_origin(const struct mod_error *error);
/* The file, module or rule concerned, or "". */
MOD_API const char *mod_error_subject(const struct mod_error *error);
/* One sentence without a full stop or a newline. */
MOD_API const char *mod_error_message(const struct mod_error *error);
/* What can be done about it, as one sentence; "" when the library does not
 * know.
 */
MOD_API const char *mod_error_advice(const struct mod_error *error);

/* ------------------------------------------------------------------ names */

/* The module name in a text: up to the first '.', '-' made '_'.  It may be
 * empty.  Returns 0, or -ENAMETOOLONG when it does not fit into buf.
 */
MOD_API MOD_MUST_CHECK int mod_name_of(char *buf, size_t size,
				       const char *text);

/* The same for the part after the last '/' of a path.  -ENOENT when it is
 * empty.
 */
MOD_API MOD_MUST_CHECK int mod_name_of_path(char *buf, size_t size,
					    const char *path);

/* ---------------------------------------------------------- finding modules */

/* How a module came to be asked for. */
enum mod_route {
	MOD_ROUTE_NAME,          /* by its name */
	MOD_ROUTE_PATH,          /* by the path of its file */
	MOD_ROUTE_CONFIG_ALIAS,  /* an alias line of modprobe.d */
	MOD_ROUTE_ALIAS,         /* modules.alias */
	MOD_ROUTE_SYMBOL,        /* modules.symbols */
	MOD_ROUTE_COMMAND,       /* a name that only an install or remove line
				  * knows */
	MOD_ROUTE_BUILTIN,       /* modules.builtin */
	MOD_ROUTE_BUILTIN_ALIAS, /* an alias of a built-in */
	MOD_ROUTE_DEPENDENCY,    /* another module depends on it */
	MOD_ROUTE_SOFTDEP,       /* another module's softdep */
	MOD_ROUTE_HOLDER         /* it uses the module that is to go */
};

struct mod_targets; /* the modules that a query means, in order */
/* One line of the configuration; belongs to the context and exists as long. */
struct mod_rule;
typedef int mod_rule_fn(void *data, const struct mod_rule *rule);

struct mod_target;

/* What a name or alias means: aliases of modprobe.d, modules.dep,
 * modules.symbols, install and remove lines, modules.alias, built-ins and their
 * aliases; the first of these that has it gives all targets.
 * Returns 0; 1 when nothing has that name; -EINVAL for a query whose brackets
 * do not pair; errors of reading.
 */
MOD_API MOD_MUST_CHECK int mod_find(struct mod_ctx *ctx, const char *query,
				    struct mod_targets **out);

/* As mod_find(), but only names of modules and built-ins: no aliases, and no
 * configuration is read.
 */
MOD_API MOD_MUST_CHECK int mod_find_name(struct mod_ctx *ctx, const char *name,
					 struct mod_targets **out);

/* As mod_find(), but without configuration, as modinfo looks modules up. */
MOD_API MOD_MUST_CHECK int mod_find_indexed(struct mod_ctx *ctx,
					    const char *query,
					    struct mod_targets **out);

/* As mod_find(); and a name that the tree does not know is found when the
 * kernel has such a module loaded: for unloading.
 */
MOD_API MOD_MUST_CHECK int mod_find_loaded(struct mod_ctx *ctx,
					   const char *query,
					   struct mod_targets **out);

/* The module in a file of its own; what the tree and the configuration know
 * about that name holds for it.  Returns 0; -ENOENT and the like when the file
 * is not there or its path holds no name.
 */
MOD_API MOD_MUST_CHECK int mod_find_path(struct mod_ctx *ctx, const char *path,
					 struct mod_targets **out);

/* NULL is allowed, as for all functions that free. */
MOD_API void mod_targets_free(struct mod_targets *targets);
MOD_API size_t mod_targets_count(const struct mod_targets *targets);
MOD_API const struct mod_target *mod_targets_at(const struct mod_targets *t,
						size_t i);
MOD_API const char *mod_target_name(const struct mod_target *target);
/* The file, in *path, which belongs to the target's list.  modules.dep is read
 * now, not when the target is found, because many callers need names alone.
 * Returns 0; 1 for a built-in and for a name that no file has, and *path is not
 * set; an error of reading.
 */
MOD_API MOD_MUST_CHECK int mod_target_path(const struct mod_target *target,
					   const char **path);
/* The alias it was found by, normalised; NULL when it was its own name. */
MOD_API const char *mod_target_alias(const struct mod_target *target);
MOD_API enum mod_route mod_target_route(const struct mod_target *target);
/* The alias, install or remove line by which it was found; NULL for none. */
MOD_API const struct mod_rule *mod_target_rule(const struct mod_target *target);
/* 1, 0, or an error of reading. */
MOD_API MOD_MUST_CHECK int
mod_target_is_builtin(const struct mod_target *target);
/* 1 when nothing is left to do: it is built in, or live in the kernel; else 0,
 * or an error of reading.
 */
MOD_API MOD_MUST_CHECK int
mod_target_is_loaded(const struct mod_target *target);

enum mod_relation_kind {
	MOD_RELATION_DEPENDENCY,   /* must be loaded before it: modules.dep,
				    * direct and indirect, in load order */
	MOD_RELATION_PRE_SOFTDEP,  /* is loaded before it, if possible */
	MOD_RELATION_POST_SOFTDEP, /* is loaded after it, if possible */
	MOD_RELATION_WEAKDEP       /* it may ask for, once it is loaded */
};

/* The modules that are related to a target, none or more; *out is to be freed.
 * Softdeps and weakdeps are those of the configuration, if it has such a line
 * for the target, else those of the tree; a name in them is looked up as
 * mod_find() does, and left out when nothing has it.
 * Returns 0, -EINVAL for another kind, or an error of reading.
 */
MOD_API MOD_MUST_CHECK int
mod_target_find_related(const struct mod_target *target,
			enum mod_relation_kind kind, struct mod_targets **out);
/* The softdep or weakdep line that names it, in such a list; else NULL. */
MOD_API const struct mod_rule *
mod_target_relation_rule(const struct mod_target *target);

/* The install or remove line that holds for a target; mod_rule_text() is the
 * command.  1: none, and *out is not set.
 */
MOD_API MOD_MUST_CHECK int
mod_target_install_rule(const struct mod_target *target,
			const struct mod_rule **out);
MOD_API MOD_MUST_CHECK int
mod_target_remove_rule(const struct mod_target *target,
		       const struct mod_rule **out);

/* The parameters that the configuration gives it, by its name and the alias it
 * was found by: all options lines and the kernel command line, joined by spaces
 * in the order in which they count; "" for none.  *out exists as long as the
 * target's list.  Returns 0 or an error of reading.
 */
MOD_API MOD_MUST_CHECK int mod_target_options(const struct mod_target *target,
					      const char **out);
/* Each rule that is a part of that. */
MOD_API MOD_MUST_CHECK int
mod_target_options_each(const struct mod_target *target, mod_rule_fn *fn,
			void *data);

/* A module of the tree. */
struct mod_tree_module {
	const char *name;
	const char *path; /* the file; NULL for a built-in */
};

typedef int mod_tree_module_fn(void *data,
			       const struct mod_tree_module *module);

/* Every module of modules.dep, then every built-in of modules.builtin, each in
 * byte order of the names.  An absent index has no modules.
 */
MOD_API MOD_MUST_CHECK int
mod_tree_modules_each(struct mod_ctx *ctx, mod_tree_module_fn *fn, void *data);

/* ---------------------------------------------------- configuration, aliases
 */

/* Every rule, by kinds: blacklist, install, remove, alias, options, softdep,
 * weakdep, then the others.  Those of one kind in the order in which they
 * count: files by name, then the kernel command line; softdep and weakdep lines
 * that the tree ships come last.  Returns 0, what fn ended the walk with, or an
 * error of reading.
 */
MOD_API MOD_MUST_CHECK int mod_config_each(struct mod_ctx *ctx, mod_rule_fn *fn,
					   void *data);
MOD_API const char *mod_rule_kind(const struct mod_rule *rule); /* "alias" */
/* The module, or a pattern where the kind allows one; normalised. */
MOD_API const char *mod_rule_name(const struct mod_rule *rule);
/* Its value: an alias' module, options, a command; for a softdep
 * "pre: A B post: C", for a weakdep the names, with one space between them;
 * NULL when the kind has no value.
 */
MOD_API const char *mod_rule_text(const struct mod_rule *rule);
/* Where: "kernel command line" for that, and then the line is 0. */
MOD_API const char *mod_rule_file(const struct mod_rule *rule);
MOD_API unsigned mod_rule_line(const struct mod_rule *rule);

/* The modules to load at boot, as modules-load.d(5) and
 * systemd-modules-load.service(8) describe: those that modules_load= on the
 * kernel command line lists (in an initrd rd.modules_load=, too), then those in
 * the files of the default modules-load.d directories.  With a path only those
 * in that file or in the files of that directory.
 * A rule's kind is "modules-load", its name is as written, and it has no text.
 * Returns 0, the result that fn ended the walk with, or an error of reading; a
 * file that cannot be read does not keep the others from being read.
 */
MOD_API MOD_MUST_CHECK int mod_modules_load_each(struct mod_ctx *ctx,
						 const char *path,
						 mod_rule_fn *fn, void *data);

/* An alias and the module that it stands for. */
struct mod_alias {
	const char *alias;
	size_t alias_len; /* bytes, without the NUL; likewise below */
	const char *module;
	size_t module_len;
};

typedef int mod_alias_fn(void *data, const struct mod_alias *alias);

/* Every alias of modules.alias, then every symbol of modules.symbols
 * ("symbol:NAME"), each file's in byte order.
 */
MOD_API MOD_MUST_CHECK int mod_alias_each(struct mod_ctx *ctx, mod_alias_fn *fn,
					  void *data);

/* ------------------------------------------------------------------ plans */

/* The ordered steps that load one or more modules.  A plan is only decided;
 * mod_plan_run() does it, and with MOD_RUN_DRY reports whether it would
 * succeed.
 */
struct mod_plan;
struct mod_step;

enum mod_action {
	MOD_ACTION_LOAD,    /* give a file to the kernel */
	MOD_ACTION_COMMAND, /* run an install command instead */
	MOD_ACTION_BUILTIN, /* nothing: part of the kernel */
	MOD_ACTION_NONE,    /* nothing is possible: no file has that name */
	MOD_ACTION_UNLOAD,  /* remove from the kernel */
	MOD_ACTION_REMOVE_COMMAND, /* run a remove command instead */
	MOD_ACTION_REFUSED         /* nothing: it is forbidden */
};

enum mod_plan_flags {
	MOD_PLAN_IGNORE_COMMANDS = 1 << 0, /* the target's install and remove
					    * commands and softdeps */
	MOD_PLAN_BLACKLIST_ALL = 1 << 1,   /* blacklists hold for names too */
	MOD_PLAN_HOLDERS = 1 << 2,         /* unload: what uses it goes first */
	MOD_PLAN_IGNORE_MASK = 1 << 3      /* as if there were no mask lines */
};

/* How to load target: dependencies, softdeps, commands, options.  options are
 * added for the target alone ("" or NULL for none); neither is used after the
 * call.
 * Returns 0; 1 when a blacklist stops the target, in silence (the plan is then
 * made all the same and holds no step).
 */
MOD_API MOD_MUST_CHECK int mod_plan_load(struct mod_ctx *ctx,
					 const struct mod_target *target,
					 const char *options, unsigned flags,
					 struct mod_plan **out);
/* How to load n targets with one plan, in their order, each module once.
 * options has one string for each target, or is NULL for none; of two targets
 * for the same module the first one counts.  A target that a blacklist stops is
 * left out; 1 is returned when that leaves none.  Nothing of the plan is run
 * when one of the targets, or a dependency of one, is refused, and nothing
 * after the first of these that cannot be loaded.
 */
MOD_API MOD_MUST_CHECK int
mod_plan_load_all(struct mod_ctx *ctx, const struct mod_target *const *targets,
		  const char *const *options, size_t n, unsigned flags,
		  struct mod_plan **out);
MOD_API void mod_plan_free(struct mod_plan *plan);
MOD_API size_t mod_plan_count(const struct mod_plan *plan);
MOD_API const struct mod_step *mod_plan_at(const struct mod_plan *p, size_t i);
/* The step for a module, or NULL. */
MOD_API const struct mod_step *mod_plan_step(const struct mod_plan *plan,
					     const char *name);

MOD_API enum mod_action mod_step_action(const struct mod_step *step);
MOD_API const char *mod_step_name(const struct mod_step *step);
MOD_API const char *mod_step_path(const struct mod_step *step); /* or NULL */
/* Module parameters, "" for none; the configuration's, a space, the user's. */
MOD_API const char *mod_step_options(const struct mod_step *step);
/* The shell command of an install or remove line, as written; or NULL. */
MOD_API const char *mod_step_command(const struct mod_step *step);
/* Why the step is there, and which module or alias asked for it (or NULL). */
MOD_API enum mod_route mod_step_route(const struct mod_step *step);
MOD_API const char *mod_step_asked_by(const struct mod_step *step);
/* What a rule did. */
enum mod_rule_role {
	MOD_RULE_ASKED,   /* alias or softdep: it is there because of it */
	MOD_RULE_COMMAND, /* install or remove: a command runs instead */
	MOD_RULE_OPTIONS, /* options: the first line that gave it some */
	MOD_RULE_POLICY   /* mask, allow, policy */
};

/* The rule that did that to the step, or NULL. */
MOD_API const struct mod_rule *mod_step_rule(const struct mod_step *step,
					     enum mod_rule_role role);

/* The blacklist line that stops a target, or NULL. */
MOD_API const struct mod_rule *mod_plan_blacklist(const struct mod_plan *plan);

/* A parameter in a step's options that the module does not have, or whose value
 * does not fit.  All of it lives during the call.
 */
struct mod_parameter_fault {
	const char *name;
	const char *value;           /* without quotes; NULL: no '=' */
	const char *type;            /* that the value does not fit, as in
				      * modinfo; NULL: no such parameter */
	const char *nearest;         /* the real name that is most like it,
				      * when there is no such parameter; or
				      * NULL */
	const struct mod_rule *rule; /* the options line that sets it; NULL:
				      * the caller's own options */
};

typedef int mod_parameter_fault_fn(void *data,
				   const struct mod_parameter_fault *fault);

/* Compares the options of a step that loads a module, or of a built-in, with
 * the parameters that the module file or modules.builtin.modinfo declares, in
 * their order.  Other steps have no faults, nor has a file that cannot be read,
 * because loading it will fail and report that.
 * Returns 0, the result that fn ended the walk with, or -ENOMEM.
 */
MOD_API MOD_MUST_CHECK int mod_step_faults_each(struct mod_ctx *ctx,
						const struct mod_step *step,
						mod_parameter_fault_fn *fn,
						void *data);

enum mod_run_flags {
	MOD_RUN_DRY = 1 << 0,           /* decide and show, change nothing */
	MOD_RUN_FIRST_TIME = 1 << 1,    /* nothing to do is an error */
	MOD_RUN_IGNORE_LOADED = 1 << 2, /* as if nothing were loaded */
	MOD_RUN_FORCE_VERMAGIC = 1 << 3,
	MOD_RUN_FORCE_MODVERSION = 1 << 4,
	MOD_RUN_FORCE_UNLOAD = 1 << 5
};

/* Called before each step that is taken, and in a dry run for each softdep that
 * is left out (MOD_ACTION_REFUSED).
 */
typedef void mod_step_fn(void *data, const struct mod_step *step);

/* Called instead of running the install or remove command of a step
 * (mod_step_command(), mod_step_options()).  Returns 0, or a negative errno
 * when the step failed.
 */
typedef int mod_command_fn(void *data, const struct mod_step *step);

/* Called for a step that failed, or for a softdep whose removal did, when the
 * run goes on without it.  error exists during the call only.
 */
typedef void mod_skipped_fn(void *data, const struct mod_step *step,
			    const struct mod_error *error);

/* Called before a command is run; returns its environment, as execve(2) takes
 * it, which is used before the next call; NULL when memory is out.
 */
typedef char *const *mod_environment_fn(void *data);

enum {
	MOD_RUN_DEPTH_MAX = 20 /* "install X modprobe X" would go on until no
				* process can be started */
};

/* How steps are taken.  All members but size may be zero; where options may be
 * NULL, that means the same.
 *
 * A command is run by /bin/sh with $MODPROBE_MODULE, the module's name;
 * $CMDLINE_OPTS, its options; and $MODPROBE_DEPTH, one more than depth.
 * Commands that do nothing, such as /bin/true, are not run.
 */
struct mod_run_opts {
	size_t size;             /* sizeof(struct mod_run_opts) */
	unsigned flags;          /* enum mod_run_flags */
	unsigned depth;          /* of commands that this process is run by; at
				  * MOD_RUN_DEPTH_MAX none is run */
	mod_step_fn *show;       /* or NULL */
	mod_command_fn *command; /* gets all commands; or NULL */
	mod_environment_fn *environment; /* NULL: it is empty */
	mod_skipped_fn *skipped;         /* NULL: the log gets a message */
	void *data;                      /* for all of these functions */
};

/* Does a plan made by mod_plan_load().  A step whose module is loaded already
 * is skipped.
 * Returns 0; -EEXIST with MOD_RUN_FIRST_TIME when a target was loaded; -EPERM
 * with origin MOD_ORIGIN_POLICY when a rule refuses, and nothing was done then;
 * -EINVAL when the options have no size; otherwise why the first required step
 * failed (mod_ctx_error()).
 */
MOD_API MOD_MUST_CHECK int mod_plan_run(struct mod_ctx *ctx,
					const struct mod_plan *plan,
					const struct mod_run_opts *opts);

/* One of several plans that are done at the same time.  As an element of an
 * array it has no size and never gets more members.
 */
struct mod_job {
	const struct mod_plan *plan;
	void *data; /* for all functions that are called for it */
};

/* Called for each job in order, by the calling thread.  error is as after
 * mod_plan_run(): its code is 0 when the job succeeded.  It exists during the
 * call only.
 */
typedef void mod_job_fn(void *data, const struct mod_error *error);

/* Does n plans made by mod_plan_load(), by up to `threads` threads.  The result
 * is that of doing one after the other: a module that several plans have is
 * left to the first of them, the others wait for it.
 * opts holds for all of them, but for its data: its functions get each job's.
 * Any of the threads calls them; all but command, and the log, one at a time.
 * Returns 0, or -ENOMEM or -EINVAL when nothing was begun.
 */
MOD_API MOD_MUST_CHECK int mod_jobs_run(struct mod_ctx *ctx,
					const struct mod_job *jobs, size_t n,
					unsigned threads,
					const struct mod_run_opts *opts,
					mod_job_fn *over);

struct mod_unload_opts {
	size_t size;           /* sizeof(struct mod_unload_opts) */
	unsigned plan_flags;   /* enum mod_plan_flags */
	unsigned long wait_ms; /* try so long while it is in use; 0: do not */
	const struct mod_run_opts *run; /* may be NULL */
};

/* Unloads target, its softdeps, and the dependencies that nothing needs then.
 * Each removal may free other modules, so the steps are decided
 * while they are taken.  opts, which may be NULL, is read only during the call.
 * Returns 0, also when it was not loaded.  With origin MOD_ORIGIN_STATE:
 * -ENOENT for that with MOD_RUN_FIRST_TIME, -EBUSY when it is in use, -EPERM
 * when it is built in.  Else errors of the kernel and of commands; the subject
 * is the module that would not go.
 */
MOD_API MOD_MUST_CHECK int mod_unload(struct mod_ctx *ctx,
				      const struct mod_target *target,
				      const struct mod_unload_opts *opts);

/* One file into the kernel, one module out of it; nothing else is looked at.
 * flags are MOD_RUN_FORCE_*.
 */
MOD_API MOD_MUST_CHECK int mod_insert(struct mod_ctx *ctx, const char *path,
				      const char *options, unsigned flags);
/* The file is the rest of a descriptor's content, such as a pipe's.  name
 * is for messages.
 */
MOD_API MOD_MUST_CHECK int mod_insert_fd(struct mod_ctx *ctx, int fd,
					 const char *name, const char *options,
					 unsigned flags);
MOD_API MOD_MUST_CHECK int mod_remove(struct mod_ctx *ctx, const char *name,
				      unsigned flags);
/* Tries again for so long while the kernel says -EAGAIN: it is in use. */
MOD_API MOD_MUST_CHECK int mod_remove_wait(struct mod_ctx *ctx,
					   const char *name, unsigned flags,
					   unsigned long wait_ms);

/* ------------------------------------------------------------ module files */

struct mod_module;

/* Opens a module file, plain or compressed (gz, xz, zst, known by content).
 * Nothing but the file's kind is checked yet.
 */
MOD_API MOD_MUST_CHECK int
mod_module_open(struct mod_ctx *ctx, const char *path, struct mod_module **out);
MOD_API void mod_module_free(struct mod_module *module);
MOD_API const char *mod_module_path(const struct mod_module *module);

/* The functions below return 1 when the module has no such part; -ENOEXEC,
 * -EBADMSG and the like for an invalid file.
 */

/* A key with its value.  Values are bytes of a file, need not be text, and are
 * not NUL-terminated; the key is when the library made it.
 */
struct mod_field {
	const char *key;
	size_t key_len; /* bytes; likewise below */
	const void *value;
	size_t value_len;
};

typedef int mod_field_fn(void *data, const struct mod_field *field);

/* The "key=value" strings of .modinfo, in the file's order. */
MOD_API MOD_MUST_CHECK int mod_module_info_each(struct mod_module *module,
						mod_field_fn *fn, void *data);

/* The same for a built-in, from modules.builtin.modinfo.  1: no such file. */
MOD_API MOD_MUST_CHECK int mod_builtin_info_each(struct mod_ctx *ctx,
						 const char *name,
						 mod_field_fn *fn, void *data);

struct mod_symbol {
	const char *name;
	uint64_t crc; /* 0: none known */
	char bind;    /* of an import 'U' (undefined) or 'W' (weak); 'N' for a
		       * string among the exports of a module without CRCs
		       * that is a namespace; 0 elsewhere */
};

typedef int mod_symbol_fn(void *data, const struct mod_symbol *symbol);
MOD_API MOD_MUST_CHECK int mod_module_exports_each(struct mod_module *module,
						   mod_symbol_fn *fn,
						   void *data);
MOD_API MOD_MUST_CHECK int mod_module_imports_each(struct mod_module *module,
						   mod_symbol_fn *fn,
						   void *data);
MOD_API MOD_MUST_CHECK int mod_module_versions_each(struct mod_module *module,
						    mod_symbol_fn *fn,
						    void *data);

/* Fields "sig_id", "signer", "sig_key", "sig_hashalgo", "signature", in this
 * order.  1: not signed.
 */
MOD_API MOD_MUST_CHECK int mod_module_signature_each(struct mod_module *module,
						     mod_field_fn *fn,
						     void *data);

/* The build id (NT_GNU_BUILD_ID), len bytes that belong to the module.  1:
 * none.
 */
MOD_API MOD_MUST_CHECK int mod_module_build_id(struct mod_module *module,
					       const void **id, size_t *len);

/* ---------------------------------------------------- what the kernel has */

struct mod_loaded; /* one line of /proc/modules */

typedef int mod_loaded_fn(void *data, const struct mod_loaded *mod);

/* Each loaded module, in the kernel's order (newest first). */
MOD_API MOD_MUST_CHECK int mod_loaded_each(struct mod_ctx *ctx,
					   mod_loaded_fn *fn, void *data);
MOD_API const char *mod_loaded_name(const struct mod_loaded *mod);
MOD_API uint64_t mod_loaded_size(const struct mod_loaded *mod); /* bytes */
/* Users; -1 while it goes away, -2 when the kernel cannot unload. */
MOD_API long mod_loaded_users(const struct mod_loaded *mod);
MOD_API const char *mod_loaded_holders(const struct mod_loaded *mod); /* a,b */
MOD_API const char *mod_loaded_state(const struct mod_loaded *mod);
MOD_API const char *mod_loaded_taints(const struct mod_loaded *mod);
/* 1 when it cannot be unloaded. */
MOD_API int mod_loaded_is_permanent(const struct mod_loaded *mod);

enum mod_state {
	MOD_STATE_NONE,
	MOD_STATE_COMING,
	MOD_STATE_LIVE,
	MOD_STATE_GOING
};

/* A module's state as /sys/module shows it, in *state.  A module without
 * initstate there counts as coming.  Returns 0 or an error of reading.
 */
MOD_API MOD_MUST_CHECK int mod_loaded_state_of(struct mod_ctx *ctx,
					       const char *name,
					       enum mod_state *state);

/* A parameter of a module in the kernel. */
struct mod_parameter_value {
	const char *name;
	const char *value; /* without the newline at its end; NULL when it
			    * cannot be read */
	int error;         /* why it cannot be read: a positive errno; or 0 */
};

typedef int mod_parameter_value_fn(void *data,
				   const struct mod_parameter_value *parameter);

/* The parameters that a module shows in /sys, by name.  1: it shows none, or is
 * not in the kernel.
 */
MOD_API MOD_MUST_CHECK int
mod_loaded_parameters_each(struct mod_ctx *ctx, const char *module,
			   mod_parameter_value_fn *fn, void *data);

/* The rules that set parameters of a module, in the order in which the kernel
 * gets them, so that the last one counts: options lines and words of the kernel
 * command line.  The text of each is as the kernel reads it.
 */
MOD_API MOD_MUST_CHECK int mod_options_each(struct mod_ctx *ctx,
					    const char *module, mod_rule_fn *fn,
					    void *data);

/* 1 when the tree's modules.builtin names it, 0 when not, or an error. */
MOD_API MOD_MUST_CHECK int mod_is_builtin(struct mod_ctx *ctx,
					  const char *name);

/* ---------------------------------------------------------- policy checks */

struct mod_step;

/* What mask lines and the allow list say about loading it. */
enum mod_verdict {
	MOD_VERDICT_NONE,    /* nothing */
	MOD_VERDICT_ALLOWED, /* an allow line names it */
	MOD_VERDICT_AUDITED, /* no allow line does; it loads all the same */
	MOD_VERDICT_MASKED,  /* a mask line names it */
	MOD_VERDICT_UNLISTED /* no allow line names it */
};

/* Unlisted and masked modules are refused: the action is MOD_ACTION_REFUSED.  A
 * plan whose target or a dependency of it is refused fails as a whole, unless
 * that module is in the kernel; a softdep is left out.
 */
MOD_API enum mod_verdict mod_step_verdict(const struct mod_step *step);
/* The module that the verdict is about: a softdep is refused for what it
 * depends on, too.
 */
MOD_API const char *mod_step_policy_subject(const struct mod_step *step);

/* 1 when the step keeps the module out for certain: a rule refuses it, or the
 * command in its place does nothing (/bin/true, /bin/false, exit 1 ...).
 */
MOD_API int mod_step_forbids(const struct mod_step *step);

/* ------------------------------------------- whether a module can be loaded */

/* All that speaks for and against loading one module; nothing is loaded. */
struct mod_check;
struct mod_check_path; /* one path by which it may be asked for */

enum mod_check_state {
	MOD_CHECK_UNKNOWN,  /* nothing has that name, and no rule names it */
	MOD_CHECK_BLOCKED,  /* no path is open */
	MOD_CHECK_LOADABLE, /* one is */
	MOD_CHECK_BUILTIN,  /* part of the kernel */
	MOD_CHECK_LOADED    /* in the kernel; the paths are as if it were not */
};

/* About the module of that name, not about an alias.  Returns 0, or an error of
 * reading.
 */
MOD_API MOD_MUST_CHECK int mod_check_new(struct mod_ctx *ctx, const char *name,
					 struct mod_check **out);
MOD_API void mod_check_free(struct mod_check *check);
MOD_API const char *mod_check_name(const struct mod_check *check);
MOD_API enum mod_check_state mod_check_state(const struct mod_check *check);
/* 1 when kmod's modprobe would load it by at least one path. */
MOD_API int mod_check_kmod_loads(const struct mod_check *check);
/* Its paths: by name first; none when it is built in. */
MOD_API size_t mod_check_count(const struct mod_check *check);
MOD_API const struct mod_check_path *mod_check_at(const struct mod_check *check,
						  size_t i);

enum mod_check_path_outcome {
	MOD_PATH_CLOSED,
	MOD_PATH_OPEN,
	MOD_PATH_COMMAND /* an install command decides */
};

/* What closes it. */
enum mod_barrier {
	MOD_BARRIER_NONE,
	MOD_BARRIER_MASK,
	MOD_BARRIER_UNLISTED,  /* no allow line names it */
	MOD_BARRIER_COMMAND,   /* an install command that does nothing */
	MOD_BARRIER_BLACKLIST, /* for aliases */
	MOD_BARRIER_ALIAS,     /* this name means another module */
	MOD_BARRIER_ABSENT     /* no file has that name */
};

/* MOD_ROUTE_NAME, _CONFIG_ALIAS, _ALIAS, _SYMBOL, _DEPENDENCY or _SOFTDEP. */
MOD_API enum mod_route mod_check_path_route(const struct mod_check_path *path);
/* The alias, or the module that needs it; NULL for its own name. */
MOD_API const char *mod_check_path_via(const struct mod_check_path *path);
MOD_API enum mod_check_path_outcome
mod_check_path_outcome(const struct mod_check_path *path);
MOD_API enum mod_barrier
mod_check_path_barrier(const struct mod_check_path *path);
/* The rule that closes it, decides, or allows it; or NULL. */
MOD_API const struct mod_rule *
mod_check_path_rule(const struct mod_check_path *path);
/* The module which that rule is about; for MOD_BARRIER_ALIAS what the name
 * means; or NULL.
 */
MOD_API const char *mod_check_path_module(const struct mod_check_path *path);
MOD_API const char *
mod_check_path_command(const struct mod_check_path *path); /* or NULL */
/* 1 when kmod's modprobe, which knows neither mask nor allow lines and forgets
 * the install line of a module with softdeps, would load it by this path.
 */
MOD_API int mod_check_path_kmod_loads(const struct mod_check_path *path);

/* A module for an allow list. */
struct mod_allowed {
	const char *name;
	const struct mod_rule *mask; /* the mask line that forbids it, or NULL
				      */
};

typedef int mod_allowed_fn(void *data, const struct mod_allowed *module);

/* An allow list for the modules that are loaded now: these, their dependencies,
 * and the softdeps of all of them, each once, in byte order.
 */
MOD_API MOD_MUST_CHECK int mod_allow_each(struct mod_ctx *ctx,
					  mod_allowed_fn *fn, void *data);

/* ------------------------------------------------------ indexing a tree */

enum mod_depmod_flags {
	MOD_DEPMOD_QUICK = 1 << 0,           /* do nothing if the outputs
					      * are up to date: depmod(8) */
	MOD_DEPMOD_REPORT_SYMBOLS = 1 << 1,  /* warn about symbols that nothing
					      * exports, or with another CRC */
	MOD_DEPMOD_WARN_DUPLICATES = 1 << 2, /* aliases that a module has twice
					      */
	MOD_DEPMOD_NO_SYNC = 1 << 3, /* do not wait until all is on the disk */
	MOD_DEPMOD_SYSTEM_CACHE = 1 << 4 /* for the running system's own tree:
					  * use /var/cache/libmod, and remove
					  * caches of trees that are gone */
};

/* A module of the tree, with its dependencies. */
struct mod_depmod_module;

MOD_API const char *
mod_depmod_module_name(const struct mod_depmod_module *module);
/* The file, as modules.dep names it: from the tree's directory, or whole. */
MOD_API const char *
mod_depmod_module_path(const struct mod_depmod_module *module);
/* Names of the modules whose symbols it uses, each once, in the order of its
 * symbols.  NULL after the last.
 */
MOD_API size_t
mod_depmod_module_depends_count(const struct mod_depmod_module *module);
MOD_API const char *
mod_depmod_module_depends_at(const struct mod_depmod_module *module, size_t i);
/* Names of all modules that have to be loaded before it, first to load first.
 * NULL after the last.
 */
MOD_API size_t
mod_depmod_module_loads_count(const struct mod_depmod_module *module);
MOD_API const char *
mod_depmod_module_loads_at(const struct mod_depmod_module *module, size_t i);

typedef int mod_depmod_module_fn(void *data,
				 const struct mod_depmod_module *module);

/* The first symbol that makes one module depend on another: paths of the two
 * files, and the symbol as its exporter spells it.
 */
struct mod_depmod_edge {
	const char *needs, *symbol, *has;
};

typedef void mod_depmod_edge_fn(void *data, const struct mod_depmod_edge *edge);
/* A piece of a text output, len bytes. */
typedef void mod_depmod_text_fn(void *data, const char *text, size_t len);
typedef void mod_depmod_progress_fn(void *data, size_t done, size_t count);

/* All members but size may be zero. */
struct mod_depmod_opts {
	size_t size;            /* sizeof(struct mod_depmod_opts) */
	const char *root;       /* in front of the module directory; NULL: the
				 * context's.  A relative one, also "", is
				 * taken from the current directory */
	const char *out_root;   /* the same for outputs, whose directory is made
				 * if it is absent; NULL: root */
	const char *module_dir; /* below them; NULL: as this build has it */
	const char *release;    /* NULL: the context's */
	char *const *files;     /* absolute paths, NULL at the end: only these
				 * modules; NULL: all of the tree */
	const char *symvers;    /* Module.symvers of the kernel, or NULL */
	const char *map;        /* System.map of the kernel, or NULL */
	const char *cache;      /* file that keeps facts about modules from run
				 * to run; NULL: none, but for
				 * MOD_DEPMOD_SYSTEM_CACHE */
	unsigned flags;         /* enum mod_depmod_flags */
	unsigned threads;       /* at most; 0: as many as there are CPUs */
	char prefix;            /* symbols may begin with it; 0: none */

	/* Gets the text outputs, and no file is written.  Or NULL. */
	mod_depmod_text_fn *show;
	/* Gets each module, in the order of modules.dep, and there are no other
	 * outputs.  Or NULL.
	 */
	mod_depmod_module_fn *module;
	mod_depmod_edge_fn *edge;         /* or NULL */
	mod_depmod_progress_fn *progress; /* now and then: modules read; or NULL
					   */
	void *data;                       /* for all of these */
};

/* Set also when the run failed. */
struct mod_depmod_result {
	size_t size; /* sizeof(struct mod_depmod_result), set by the caller */
	const char *dir;     /* the tree, as long as the context; NULL when it
			      * could not be named */
	unsigned unreadable; /* modules and directories, which were left out */
	unsigned in_cycles;  /* modules in dependency cycles; each was logged */
};

/* Makes the indexes of a module tree, modules.dep and its like, see depmod(8):
 * depmod.d is read from the context's configuration.  Either all files are
 * replaced or none is.  Errors of single modules go to the log.
 * All callbacks run in the calling thread.  result may be NULL.
 * Returns 0; the result that opts->module ended its walk with; -EINVAL when a
 * size is not set or a file is no absolute path; -ELOOP when modules depend on
 * each other; errors of reading and writing.
 */
MOD_API MOD_MUST_CHECK int mod_depmod_run(struct mod_ctx *ctx,
					  const struct mod_depmod_opts *opts,
					  struct mod_depmod_result *result);

/* ---------------------------------------------------- verifying signatures */

struct mod_keyring; /* certificates that are trusted */

/* Makes an empty keyring, and loads libcrypto if it is not loaded yet.
 * Certificates are read as they are added.
 * Returns 0; -ENOSYS when this build has no libcrypto or it cannot be loaded;
 * -ENOMEM.
 */
MOD_API MOD_MUST_CHECK int mod_keyring_new(struct mod_ctx *ctx,
					   struct mod_keyring **out);
MOD_API void mod_keyring_free(struct mod_keyring *keyring); /* NULL allowed */

/* Adds the X.509 certificates of a file, in PEM, or one or more in DER; or
 * those of the files in a directory, where files without certificates are
 * skipped. Returns 0; -ENOENT and the like; -EBADMSG for a file with a corrupt
 * certificate, or without any; -ENODATA for a directory without certificates.
 */
MOD_API MOD_MUST_CHECK int mod_keyring_add(struct mod_keyring *keyring,
					   const char *path);

/* Adds the certificates inside the kernel image of the context's release, which
 * the kernel trusts from boot, among them that of its own modules.  The image
 * is searched as vmlinuz and vmlinux in the tree, then as
 * ROOT/boot/vmlinuz-RELEASE and vmlinux-RELEASE. Returns 0; -ENOENT when there
 * is no image; -EOPNOTSUPP for an unknown compression, or if the list of
 * certificates is ambiguous; -ENODATA when the image has no such list;
 * -EBADMSG; -EACCES and the like.
 */
MOD_API MOD_MUST_CHECK int mod_keyring_add_builtin(struct mod_keyring *keyring);

/* Adds the certificates that distributions and administrators install for
 * modules, if they exist; modinfo(8) lists the paths.  A corrupt file causes a
 * warning (mod_ctx_set_log) and is skipped.  Returns 0 or -ENOMEM.
 */
MOD_API MOD_MUST_CHECK int mod_keyring_add_system(struct mod_keyring *keyring);

/* The number of certificates. */
MOD_API size_t mod_keyring_count(const struct mod_keyring *keyring);

enum mod_signature {
	MOD_SIGNATURE_VALID,
	MOD_SIGNATURE_UNSIGNED,
	MOD_SIGNATURE_ALTERED, /* the signature does not match the module, or is
				* of another key with the same name */
	MOD_SIGNATURE_UNKNOWN, /* the keyring has no certificate of the signer
				*/
	MOD_SIGNATURE_EXPIRED, /* matches, but the certificate is expired or not
				* valid yet */
	MOD_SIGNATURE_WEAK,    /* matches, but can be forged, or the key is not
				* for modules */
	MOD_SIGNATURE_MALFORMED /* no kernel would accept the signature */
};

/* "valid", "unsigned", "altered", "unknown signer", "expired", "weak",
 * "malformed".
 */
MOD_API const char *mod_signature_name(enum mod_signature result);

/* Verifies the signature of a module, decompressed if necessary, with the
 * certificates of the keyring.  Like the kernel, it checks the last trailer of
 * the file, by the kernel's rules.  The module may be of another context, and
 * in another thread, than the keyring.  If there are several signers, all
 * signatures must match and one signer must be known.  Only a success sets
 * *result.  fn (may be NULL) gets these, as far as they are known:
 *
 *	signer        the name of its issuer (UTF-8, if its writer kept the
 *	              rules), or of the certificate's subject where the
 *	              signature has none
 *	sig_key       serial number or key id, as mod_module_signature() has it
 *	sig_hashalgo  the digest
 *	key_id        the certificate's subjectKeyIdentifier: bytes
 *	certificate   the file that contains the certificate
 *	reason        for users: why the signature is not valid
 *
 * Returns 0; what fn returned, if not 0; errors of reading the module.
 */
MOD_API MOD_MUST_CHECK int mod_keyring_verify(const struct mod_keyring *keyring,
					      struct mod_module *module,
					      enum mod_signature *result,
					      mod_field_fn *fn, void *data);

/* --------------------------------------------------------- making signatures
 */

struct mod_signer; /* a private key and its certificate */

struct mod_signer_opts {
	size_t size;      /* sizeof(struct mod_signer_opts) */
	const char *key;  /* file, PEM or DER, of RSA or EC */
	const char *cert; /* file; of several the one of that key is taken */
	const char *hash; /* "sha256" (also for NULL), "sha384" ... */
	const char *pin;  /* pass phrase of an encrypted key, or NULL */
	int by_key_id;    /* name the key by its id, not by issuer and number */
};

/* Reads key and certificate; opts is not used later.  libcrypto is loaded.
 * Returns 0; -EINVAL without a size, a key or a certificate, or for a digest
 * that modules are not signed with; -EACCES when the key is encrypted and the
 * pass phrase missing or wrong; -EKEYREJECTED when the certificate is of
 * another key; -EBADMSG; -EOPNOTSUPP for a key of another kind; -ENOSYS as
 * mod_keyring_new(); errors of reading.
 */
MOD_API MOD_MUST_CHECK int mod_signer_new(struct mod_ctx *ctx,
					  const struct mod_signer_opts *opts,
					  struct mod_signer **out);
MOD_API void mod_signer_free(struct mod_signer *signer); /* NULL allowed */

enum mod_sign_flags {
	MOD_SIGN_AGAIN = 1 << 0 /* in place of the signatures that are there */
};

/* Signs a module file like the kernel's scripts/sign-file.  A compressed file
 * is decompressed, signed, and compressed again in the same format.  The file
 * is replaced atomically and keeps its owner and mode; of a link, the target is
 * signed.  ctx may be another than the signer's, in another thread.
 * Returns 0; 1 when the file is signed already, without MOD_SIGN_AGAIN, and is
 * unchanged; -ENOEXEC when it is not an ELF file; -EAGAIN when somebody else
 * changed it meanwhile; errors of reading and writing.
 */
MOD_API MOD_MUST_CHECK int mod_signer_sign(const struct mod_signer *signer,
					   struct mod_ctx *ctx,
					   const char *path, unsigned flags);

/* Takes all signatures off a module file, likewise.  Returns 0; 1 when there is
 * none; as above.
 */
MOD_API MOD_MUST_CHECK int mod_signer_strip(struct mod_ctx *ctx,
					    const char *path);

#ifdef __cplusplus
}
#endif

#endif
