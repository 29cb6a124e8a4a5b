/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define RESULT 0
#include "sleeper.h"
