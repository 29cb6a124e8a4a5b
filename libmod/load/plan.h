/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plan.h - the ordered steps that load one module.
 *
 * A plan only decides; it asks neither /sys nor /proc.  Every module is planned
 * once, at the first place where it is needed.
 */
#pragma once

#include "libmod/base/map.h"
#include "libmod/load/step.h"

struct mod_plan {
	struct mod_step *at;
	size_t n, cap;
	const struct mod_target *target; /* what was asked for */
	const struct mod_rule
		*blacklisted;   /* the rule that stops it, or NULL */
	struct mod_arena arena; /* for all of it, itself too */
};
