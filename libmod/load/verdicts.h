/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verdicts.h - the results of mask lines and the allow list for each module:
 * the second of the three passes of planning.
 */
#pragma once

#include "libmod/load/relations.h"

/* Sets the policy and the mask of every node.  Returns 0 or -errno. */
_check_ int mod_verdicts_mark(struct mod_relations *relations);
