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
 * own second answer ("there is none"), where it is documented.  After a
 * failure mod_error_*() tell the rest: where the error comes from, what it is
 * about, and one sentence for people.
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
#define MOD_CHECK __attribute__((warn_unused_result))

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
MOD_API MOD_CHECK int mod_ctx_new(struct mod_ctx **out);

/* The same in memory of the caller's, zeroed and aligned for any type, which is
 * used before any is allocated and must outlive the context: for programs that
 * start often.  A few KiB are of use.  Returns 0, or -EINVAL when it is too
 * small for a context.
 */
MOD_API MOD_CHECK int mod_ctx_new_in(void *memory, size_t size,
				     struct mod_ctx **out);
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
MOD_API MOD_CHECK int mod_ctx_set_root(struct mod_ctx *ctx, const char *root);
MOD_API MOD_CHECK int mod_ctx_set_release(struct mod_ctx *ctx,
					  const char *release);
MOD_API MOD_CHECK int mod_ctx_set_proc(struct mod_ctx *ctx, const char *dir);
MOD_API MOD_CHECK int mod_ctx_set_sys(struct mod_ctx *ctx, const char *dir);

/* Adds a modprobe.d file or folder.  The first call takes the place of all
 * default folders (/etc/modprobe.d, /run/modprobe.d ...).
 */
MOD_API MOD_CHECK int mod_ctx_add_config(struct mod_ctx *ctx, const char *path);

/* The module tree's folder, as all paths of modules begin.  Returns 0;
 * -ENAMETOOLONG, -ENOMEM, or why the current directory is unknown.
 */
MOD_API MOD_CHECK int mod_ctx_tree_dir(struct mod_ctx *ctx, const char **dir);

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
	MOD_ORIGIN_NONE,    /* nothing failed */
	MOD_ORIGIN_FILE,    /* a file: absent, unreadable or damaged */
	MOD_ORIGIN_KERNEL,  /* the kernel refused the module */
	MOD_ORIGIN_POLICY,  /* a rule of the configuration forbids it */
	MOD_ORIGIN_CONFIG,  /* the configuration makes no sense */
	MOD_ORIGIN_COMMAND, /* an install or remove command failed */
	MOD_ORIGIN_LOOKUP,  /* no such module */
	MOD_ORIGIN_STATE,   /* in use, built in, not loaded, loaded already */
	MOD_ORIGIN_CALLER,  /* what was asked makes no sense */
	MOD_ORIGIN_SYSTEM   /* memory, descriptors and the like */
};

/* About the last call on this context that failed. */
MOD_API int mod_error_code(const struct mod_ctx *ctx); /* negative errno, 0 */
MOD_API enum mod_origin mod_error_origin(const struct mod_ctx *ctx);
MOD_API const char *mod_error_subject(const struct mod_ctx *ctx);  /* or "" */
MOD_API const char *mod_error_sentence(const struct mod_ctx *ctx); /* or "" */

/* ------------------------------------------------------------------ names */

/* The module name in a text: up to the first '.', '-' made '_'.  It may be
 * empty.  Returns 0, or -ENAMETOOLONG when it does not fit into buf.
 */
MOD_API MOD_CHECK int mod_name_of(char *buf, size_t size, const char *text);

/* The same for what stands behind the last '/' of a path.  -ENOENT when nothing
 * does.
 */
MOD_API MOD_CHECK int mod_name_of_path(char *buf, size_t size,
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
struct mod_target;

/* What a name or alias means: aliases of modprobe.d, modules.dep,
 * modules.symbols, install and remove lines, modules.alias, built-ins and their
 * aliases; the first of these with an answer gives all of it.
 * Returns 0; 1 when nothing has that name; -EINVAL for a query whose brackets
 * do not pair; errors of reading.
 */
MOD_API MOD_CHECK int mod_find(struct mod_ctx *ctx, const char *query,
			       struct mod_targets **out);

/* As mod_find(), but only names of modules and built-ins: no aliases, and no
 * configuration is read.
 */
MOD_API MOD_CHECK int mod_find_name(struct mod_ctx *ctx, const char *name,
				    struct mod_targets **out);

/* As mod_find(), but without configuration, as modinfo looks modules up. */
MOD_API MOD_CHECK int mod_find_indexed(struct mod_ctx *ctx, const char *query,
				       struct mod_targets **out);

/* As mod_find(); and a name that the tree does not know is found when the
 * kernel has such a module loaded: for unloading.
 */
MOD_API MOD_CHECK int mod_find_loaded(struct mod_ctx *ctx, const char *query,
				      struct mod_targets **out);

/* The module in a file of its own; what the tree and the configuration know
 * about that name holds for it.  Returns 0; -ENOENT and the like when the file
 * is not there or its path holds no name.
 */
MOD_API MOD_CHECK int mod_find_path(struct mod_ctx *ctx, const char *path,
				    struct mod_targets **out);

MOD_API void mod_targets_free(struct mod_targets *targets);
MOD_API size_t mod_targets_count(const struct mod_targets *targets);
MOD_API const struct mod_target *mod_targets_at(const struct mod_targets *t,
						size_t i);
MOD_API const char *mod_target_name(const struct mod_target *target);
/* The file; NULL for a built-in and for a name that no file has. */
MOD_API const char *mod_target_path(const struct mod_target *target);
/* The alias it was found by, normalised; NULL when it was its own name. */
MOD_API const char *mod_target_alias(const struct mod_target *target);
MOD_API enum mod_route mod_target_route(const struct mod_target *target);
MOD_API int mod_target_is_builtin(const struct mod_target *target);
/* 1 when nothing is left to do for it: built in, or live in the kernel. */
MOD_API int mod_target_is_loaded(const struct mod_target *target);

/* ------------------------------------------------------------------ plans */

/* What is to be done, in order, to load or unload one module.  A plan is only
 * decided; mod_plan_run() does it.
 */
struct mod_plan;
struct mod_step;

enum mod_action {
	MOD_ACTION_LOAD,          /* give a file to the kernel */
	MOD_ACTION_COMMAND,       /* run an install command instead */
	MOD_ACTION_BUILTIN,       /* nothing: part of the kernel */
	MOD_ACTION_NONE,          /* nothing can be: no file has that name */
	MOD_ACTION_UNLOAD,        /* remove from the kernel */
	MOD_ACTION_REMOVE_COMMAND /* run a remove command instead */
};

enum mod_plan_flags {
	MOD_PLAN_IGNORE_COMMANDS = 1 << 0, /* the target's install and remove
					    * commands and softdeps */
	MOD_PLAN_BLACKLIST_ALL = 1 << 1,   /* blacklists hold for names too */
	MOD_PLAN_IGNORE_LOADED = 1 << 2,   /* as if nothing were loaded */
	MOD_PLAN_HOLDERS = 1 << 3          /* unload: what uses it goes first */
};

/* How to load target: dependencies, softdeps, commands, options.  options are
 * added for the target alone ("" for none).
 * Returns 0; 1 when a blacklist stops the target, in silence (the plan is then
 * made all the same and holds no step).
 */
MOD_API MOD_CHECK int mod_plan_load(struct mod_ctx *ctx,
				    const struct mod_target *target,
				    const char *options, unsigned flags,
				    struct mod_plan **out);
MOD_API void mod_plan_free(struct mod_plan *plan);
MOD_API size_t mod_plan_count(const struct mod_plan *plan);
MOD_API const struct mod_step *mod_plan_at(const struct mod_plan *p, size_t i);

MOD_API enum mod_action mod_step_action(const struct mod_step *step);
MOD_API const char *mod_step_name(const struct mod_step *step);
MOD_API const char *mod_step_path(const struct mod_step *step); /* or NULL */
/* Module parameters, "" for none; the configuration's, a blank, the user's. */
MOD_API const char *mod_step_options(const struct mod_step *step);
/* The shell command of an install or remove line, as written; or NULL. */
MOD_API const char *mod_step_command(const struct mod_step *step);
/* Why the step is there, and which module or alias asked for it (or NULL). */
MOD_API enum mod_route mod_step_route(const struct mod_step *step);
MOD_API const char *mod_step_asked_by(const struct mod_step *step);
/* The rule that did most to it: the install or remove line, else the alias or
 * softdep line that put it there.  file is NULL for none and "kernel command
 * line" for that; line is 0 where there is none.
 */
MOD_API const char *mod_step_rule_file(const struct mod_step *step);
MOD_API unsigned mod_step_rule_line(const struct mod_step *step);

/* What a rule did. */
enum mod_rule_role {
	MOD_RULE_ASKED,   /* alias or softdep: it is there because of it */
	MOD_RULE_COMMAND, /* install or remove: a command runs instead */
	MOD_RULE_OPTIONS  /* options: the first line that gave it some */
};

/* The file of the rule that did that to the step, or NULL; *line, if not NULL,
 * is set as above.
 */
MOD_API const char *mod_step_rule(const struct mod_step *step,
				  enum mod_rule_role role, unsigned *line);

/* The blacklist line that stops the target, for a plan without steps; likewise.
 */
MOD_API const char *mod_plan_blacklist(const struct mod_plan *plan,
				       unsigned *line);

enum mod_run_flags {
	MOD_RUN_DRY = 1 << 0,           /* decide and show, change nothing */
	MOD_RUN_FIRST_TIME = 1 << 1,    /* nothing to do is an error */
	MOD_RUN_IGNORE_LOADED = 1 << 2, /* as if nothing were loaded */
	MOD_RUN_FORCE_VERMAGIC = 1 << 3,
	MOD_RUN_FORCE_MODVERSION = 1 << 4,
	MOD_RUN_FORCE_UNLOAD = 1 << 5
};

/* Called before each step that is taken. */
typedef void mod_step_fn(void *data, const struct mod_step *step);

/* Does a plan made by mod_plan_load().  A step whose module is in the kernel
 * already is passed over.
 * Returns 0; -EEXIST with MOD_RUN_FIRST_TIME when the target was loaded;
 * otherwise why the first required step failed (mod_error_*()).
 */
MOD_API MOD_CHECK int mod_plan_run(struct mod_ctx *ctx,
				   const struct mod_plan *plan, unsigned flags,
				   mod_step_fn *show, void *data);

struct mod_unload_opts {
	unsigned plan_flags;   /* enum mod_plan_flags */
	unsigned run_flags;    /* enum mod_run_flags */
	unsigned long wait_ms; /* try so long while it is in use; 0: do not */
	mod_step_fn *show;     /* may be NULL */
	void *data;            /* for show */
};

/* Unloads target, its softdeps, and the dependencies that nothing needs then.
 * What is free to go depends on each removal before, so the steps are decided
 * while they are taken.  opts is read only during the call.
 * Returns 0, also when it was not loaded.  With origin MOD_ORIGIN_STATE:
 * -ENOENT for that with MOD_RUN_FIRST_TIME, -EBUSY when it is in use, -EPERM
 * when it is built in.  Else errors of the kernel and of commands; the subject
 * is the module that would not go.
 */
MOD_API MOD_CHECK int mod_unload(struct mod_ctx *ctx,
				 const struct mod_target *target,
				 const struct mod_unload_opts *opts);

/* One file into the kernel, one module out of it; nothing else is looked at.
 * flags are MOD_RUN_FORCE_*.
 */
MOD_API MOD_CHECK int mod_insert(struct mod_ctx *ctx, const char *path,
				 const char *options, unsigned flags);
MOD_API MOD_CHECK int mod_remove(struct mod_ctx *ctx, const char *name,
				 unsigned flags);

/* ------------------------------------------------------ what the kernel has */

struct mod_loaded; /* one line of /proc/modules */

/* Called for each loaded module, in the kernel's order (newest first); the
 * object lives only during the call.  A result that is not 0 ends the walk and
 * is returned by mod_loaded_each().
 */
typedef int mod_loaded_fn(void *data, const struct mod_loaded *mod);
MOD_API MOD_CHECK int mod_loaded_each(struct mod_ctx *ctx, mod_loaded_fn *fn,
				      void *data);
MOD_API const char *mod_loaded_name(const struct mod_loaded *mod);
MOD_API uint64_t mod_loaded_size(const struct mod_loaded *mod); /* bytes */
/* Users; -1 while it goes away, -2 when the kernel cannot unload. */
MOD_API long mod_loaded_count(const struct mod_loaded *mod);
MOD_API const char *mod_loaded_holders(const struct mod_loaded *mod); /* a,b */
MOD_API const char *mod_loaded_state(const struct mod_loaded *mod);
MOD_API const char *mod_loaded_taints(const struct mod_loaded *mod);

enum mod_state {
	MOD_STATE_NONE,
	MOD_STATE_COMING,
	MOD_STATE_LIVE,
	MOD_STATE_GOING
};

/* A module's state as /sys/module tells it, in *state.  A module without
 * initstate there counts as coming.  Returns 0 or an error of reading.
 */
MOD_API MOD_CHECK int mod_loaded_state_of(struct mod_ctx *ctx, const char *name,
					  enum mod_state *state);

/* 1 when the tree's modules.builtin names it, 0 when not, or an error. */
MOD_API MOD_CHECK int mod_is_builtin(struct mod_ctx *ctx, const char *name);

/* ------------------------------------------------------------ module files */

struct mod_module;

/* Opens a module file, plain or compressed (gz, xz, zst, known by content).
 * Nothing but the file's kind is checked yet.
 */
MOD_API MOD_CHECK int mod_module_open(struct mod_ctx *ctx, const char *path,
				      struct mod_module **out);
MOD_API void mod_module_free(struct mod_module *module);
MOD_API const char *mod_module_path(const struct mod_module *module);

/* Each walk calls fn in the file's order and ends early when fn returns
 * something else than 0, which is then its result.  All return 0; 1 when the
 * module has no such part; -ENOEXEC, -EBADMSG and the like for a bad file.
 * Values are bytes of the file and need not be text.
 */
typedef int mod_info_fn(void *data, const char *key, size_t key_len,
			const void *value, size_t value_len);
MOD_API MOD_CHECK int mod_module_info(struct mod_module *module,
				      mod_info_fn *fn, void *data);

/* The same for a built-in, from modules.builtin.modinfo.  Keys and values live
 * only during the call.  1: no such file.
 */
MOD_API MOD_CHECK int mod_builtin_info(struct mod_ctx *ctx, const char *name,
				       mod_info_fn *fn, void *data);

/* bind is 'U' (undefined) or 'W' (weak) for imports; 'N' for what a module
 * without CRCs exports and is only the name of a namespace; 0 elsewhere.  crc
 * is 0 where none is known.
 */
typedef int mod_symbol_fn(void *data, const char *name, uint64_t crc,
			  char bind);
MOD_API MOD_CHECK int mod_module_exports(struct mod_module *module,
					 mod_symbol_fn *fn, void *data);
MOD_API MOD_CHECK int mod_module_imports(struct mod_module *module,
					 mod_symbol_fn *fn, void *data);
MOD_API MOD_CHECK int mod_module_versions(struct mod_module *module,
					  mod_symbol_fn *fn, void *data);

/* Fields "sig_id", "signer", "sig_key", "sig_hashalgo", "signature", in this
 * order.  1: not signed.
 */
MOD_API MOD_CHECK int mod_module_signature(struct mod_module *module,
					   mod_info_fn *fn, void *data);

/* The build id (NT_GNU_BUILD_ID) as one field "build-id".  1: none. */
MOD_API MOD_CHECK int mod_module_build_id(struct mod_module *module,
					  mod_info_fn *fn, void *data);

#ifdef __cplusplus
}
#endif

#endif
