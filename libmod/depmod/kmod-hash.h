/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kmod-hash.h - the hash by which kmod orders its output.
 *
 * depmod's outputs list modules that modules.order does not name, and symbols,
 * in the order of kmod's hash tables; to write the same bytes we order by the
 * same function.  Source: Paul Hsieh's public SuperFastHash, read little-endian
 * on every machine.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint32_t mod_kmod_hash(const char *text);
uint32_t mod_kmod_hash_n(const char *text, size_t n); /* of so many bytes */
