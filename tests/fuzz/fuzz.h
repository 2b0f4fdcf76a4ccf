/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What libFuzzer calls, and what fuzz-driver.c calls where there is no fuzzer. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What every target asserts about a parser: a value or an error, never both, never neither. */
#define FUZZ_ASSERT_VALUE_OR_ERROR(value, error)                                                   \
  G_STMT_START { g_assert_true (((value) == NULL) == ((error) != NULL)); } G_STMT_END
