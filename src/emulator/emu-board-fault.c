/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which fault strikes when. */
#include "emu-board-private.h"

#include <string.h>

/* What @times becomes after the last time. */
#define SPENT G_MAXUINT

static gboolean
path_matches (const char *pattern, const char *path)
{
  gsize length = strlen (pattern);

  if (length > 0 && pattern[length - 1] == '*')
    return strncmp (pattern, path, length - 1) == 0;

  return g_str_equal (pattern, path);
}

/* Whether the fault strikes on this occasion; counts the occasions. */
static gboolean
strikes (EmuFault *fault)
{
  if (fault->skip > 0)
    {
      fault->skip--;
      return FALSE;
    }
  if (fault->times == 1)
    fault->times = SPENT;
  else if (fault->times == SPENT)
    return FALSE;
  else if (fault->times > 1)
    fault->times--;

  return TRUE;
}

static gboolean
concerns (const EmuFault *fault, const char *method, const char *path)
{
  return (fault->method == NULL || g_strcmp0 (fault->method, method) == 0) &&
         (fault->path == NULL || (path != NULL && path_matches (fault->path, path)));
}

/* A fault of @kind that strikes now, or NULL. */
EmuFault *
emu_board_find_fault (EmuBoard *self, EmuFaultKind kind, const char *method, const char *path)
{
  for (guint i = 0; i < self->faults->len; i++)
    {
      EmuFault *fault = g_ptr_array_index (self->faults, i);

      if (fault->kind == kind && concerns (fault, method, path) && strikes (fault))
        return fault;
    }

  return NULL;
}

/* The first fault that strikes this request, or NULL. */
EmuFault *
emu_board_next_http_fault (EmuBoard *self, const char *method, const char *path)
{
  for (guint i = 0; i < self->faults->len; i++)
    {
      EmuFault *fault = g_ptr_array_index (self->faults, i);

      if (fault->kind >= EMU_FAULT_STATUS && fault->kind <= EMU_FAULT_WRONG_TYPES &&
          concerns (fault, method, path) && strikes (fault))
        return fault;
    }

  return NULL;
}

/**
 * emu_board_add_fault:
 * @self: a board
 * @fault: what shall go wrong from now on; faults of the line are ignored here
 */
void
emu_board_add_fault (EmuBoard *self, const EmuFault *fault)
{
  if (!emu_fault_is_line (fault))
    g_ptr_array_add (self->faults, emu_fault_copy (fault));
}

/**
 * emu_board_clear_faults:
 * @self: a board
 *
 * Nothing goes wrong any more, except what already did.
 */
void
emu_board_clear_faults (EmuBoard *self)
{
  g_ptr_array_set_size (self->faults, 0);
}
