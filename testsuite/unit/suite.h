/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* suite.h - the end of each unit test's main(). */
#pragma once

#include <check.h>
#include <stdlib.h>

/* Runs a suite, as Check's environment variables say, and frees it.  Returns
 * the exit code.
 */
static inline int suite_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
