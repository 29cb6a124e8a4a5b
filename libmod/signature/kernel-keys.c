/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libmod/signature/kernel-keys.h"

#include "libmod/base/path.h"
#include "libmod/compress/decompress.h"
#include "libmod/ctx/error.h"
#include "libmod/signature/kernel-image.h"
#include "libmod/sys/file.h"

#include <errno.h>

int mod_kernel_keys_release(struct mod_ctx *ctx, const char **release)
{
	const char *dir;

	int r = mod_ctx_find_tree_dir(ctx, &dir);
	if (r < 0)
		return r;
	const char *slash = strrchr(dir, '/');
	*release = slash ? slash + 1 : dir;
	return 0;
}

/* An image within an image, and its memory. */
struct layers {
	struct mod_bytes now;
	uint8_t *memory; /* owned; where `now` points into, or NULL */
};

static int decompress_layer(struct layers *layers,
			    const struct mod_kernel_image *image,
			    enum mod_codec codec, const char **why)
{
	enum { SIZE = 4 }; /* bytes of it, after the payload */
	struct mod_bytes in = image->payload;
	uint8_t *memory;
	size_t len;

	/* gzip has the size in its own end. */
	if (image->size_after && codec != MOD_CODEC_GZ && in.len > SIZE)
		in.len -= SIZE;
	int r = mod_decompress(codec, in, MOD_DECOMPRESS_LIMIT, &memory, &len,
			       why);
	if (r == -EBADMSG && in.len < image->payload.len)
		r = mod_decompress(codec, image->payload, MOD_DECOMPRESS_LIMIT,
				   &memory, &len, why);
	if (r < 0)
		return r;
	free(layers->memory);
	*layers = (struct layers){ { memory, len }, memory };
	return 0;
}

/* Decompresses all layers.  *why is set to the reason when that is impossible
 * (-EOPNOTSUPP, -ENOSYS) or is wrong (-EBADMSG).
 */
static int decompress_all(struct layers *layers, const char **why)
{
	enum { DEPTH = 3 }; /* gz of a bzImage, and one to spare */
	struct mod_kernel_image image;

	for (int depth = 0; depth <= DEPTH; depth++) {
		*why = "corrupt header";
		int r = mod_kernel_image_read(layers->now, &image);
		if (r < 0)
			return r;
		layers->now = image.payload;
		*why = image.method;
		if (image.method)
			return -EOPNOTSUPP;
		enum mod_codec codec = mod_codec_of(image.payload);
		if (codec == MOD_CODEC_NONE)
			return 0;
		*why = mod_codec_name(codec);
		r = decompress_layer(layers, &image, codec, why);
		if (r < 0)
			return r;
	}
	*why = "compressed too often";
	return -EBADMSG;
}

static int fail(struct mod_ctx *ctx, int r, const char *path, const char *what)
{
	return mod_error_set(ctx, MOD_ORIGIN_FILE, r, path,
			     "%s: cannot take certificates out of it: %s", path,
			     what);
}

static int explain(struct mod_ctx *ctx, int r, const char *path,
		   const char *why)
{
	_str_ struct mod_str text = { 0 };

	if ((r == -EOPNOTSUPP || r == -ENOSYS) && why) {
		mod_str_addf(&text,
			     "compressed with %s, which this build cannot "
			     "decompress",
			     why);
		return fail(ctx, r, path, text.bad ? why : text.at);
	}
	if (r == -EBADMSG && why) {
		mod_str_addf(&text, "corrupt (%s)", why);
		return fail(ctx, r, path, text.bad ? why : text.at);
	}
	return fail(ctx, r, path, strerror(-r));
}

static int find_list(struct mod_ctx *ctx, struct layers *layers,
		     const char *path, struct mod_bytes *list)
{
	const char *why = NULL;

	int r = decompress_all(layers, &why);
	if (r < 0)
		return explain(ctx, r, path, why);
	r = mod_kernel_image_certs(layers->now, list);
	if (r == 1)
		return fail(ctx, -ENODATA, path,
			    "no list of trusted certificates is found in it");
	if (r < 0)
		return fail(ctx, r, path,
			    "several lists of certificates are in it, and "
			    "which one it trusts is not certain");
	return 0;
}

/* Copies the list, for image and memory are large. */
static int read_image(struct mod_ctx *ctx, struct mod_arena *arena,
		      const char *path, struct mod_bytes *out)
{
	struct mod_bytes list;
	struct mod_file_view view;

	int r = mod_file_view_map(&view, path);
	if (r == -ENOENT || r == -ENOTDIR)
		return 1;
	if (r < 0)
		return fail(ctx, r, path, strerror(-r));
	struct layers layers = { .now = view.bytes };
	r = find_list(ctx, &layers, path, &list);
	if (r == 0) {
		char *at =
			mod_arena_strn(arena, (const char *)list.at, list.len);
		*out = (struct mod_bytes){ (uint8_t *)at, list.len };
		r = at ? 0 : -ENOMEM;
	}
	free(layers.memory);
	mod_file_view_fini(&view);
	return r;
}

int mod_kernel_keys_certs(struct mod_ctx *ctx, struct mod_arena *arena,
			  const char **path, struct mod_bytes *list)
{
	static const char *const names[] = { "vmlinuz", "vmlinux" };
	_str_ struct mod_str tried = { 0 };
	const char *release, *dir;

	int r = mod_kernel_keys_release(ctx, &release);
	if (r == 0)
		r = mod_ctx_find_tree_dir(ctx, &dir);
	if (r < 0)
		return r;
	for (size_t i = 0; i < 4; i++) {
		const char *name = names[i % 2];
		const char *place = i < 2
			? mod_path_join(arena, dir, name)
			: mod_path_new(arena, ctx->root, "/boot/", name, "-",
				       release, NULL);
		if (!place)
			return -ENOMEM;
		r = read_image(ctx, arena, place, list);
		if (r == 0)
			*path = place;
		if (r <= 0)
			return r;
		mod_str_addf(&tried, "%s%s", i ? ", " : "", place);
	}
	return mod_error_set(ctx, MOD_ORIGIN_FILE, -ENOENT, release,
			     "no kernel image of %s (looked for %s)", release,
			     tried.bad ? "several" : tried.at);
}
