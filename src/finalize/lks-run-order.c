/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-order.h"

G_DEFINE_BOXED_TYPE (LksRunOrder, lks_run_order, lks_run_order_copy, lks_run_order_free)

/* A text of nothing but spaces says nothing. */
static char *
dup_word (const char *text)
{
  g_autofree char *word = text != NULL ? g_strstrip (g_utf8_make_valid (text, -1)) : NULL;

  return word != NULL && *word != '\0' ? g_steal_pointer (&word) : NULL;
}

/**
 * lks_run_order_copy:
 * @self: (nullable): an order; nothing in it need be owned
 *
 * Copies an order. Spaces round a text are left out, and a text that is empty is none.
 *
 * Returns: (transfer full) (nullable): a copy
 */
LksRunOrder *
lks_run_order_copy (const LksRunOrder *self)
{
  LksRunOrder *copy;

  if (self == NULL)
    return NULL;

  copy = g_new0 (LksRunOrder, 1);
  copy->operator_name = dup_word (self->operator_name);
  copy->operator_role = dup_word (self->operator_role);
  copy->batch = dup_word (self->batch);
  copy->label = dup_word (self->label);
  return copy;
}

/**
 * lks_run_order_free:
 * @self: (transfer full) (nullable): a copy of an order
 */
void
lks_run_order_free (LksRunOrder *self)
{
  if (self == NULL)
    return;

  g_free ((char *) self->operator_name);
  g_free ((char *) self->operator_role);
  g_free ((char *) self->batch);
  g_free ((char *) self->label);
  g_free (self);
}
