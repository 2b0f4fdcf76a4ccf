/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-memory.h"

typedef struct
{
  char *device_id; /* (owned) */
  char *path;      /* (owned) */
  LksLockHistory history;
} Memory;

struct _LksBoardMemory
{
  GQueue memories;   /* (owned) of Memory: the longest away first */
  GHashTable *links; /* (owned) of GList in @memories: by device ID, which the Memory owns */
};

static void
memory_free (gpointer data)
{
  Memory *memory = data;

  g_free (memory->device_id);
  g_free (memory->path);
  g_free (memory);
}

/**
 * lks_board_memory_new:
 *
 * Returns: (transfer full): a memory of nothing
 */
LksBoardMemory *
lks_board_memory_new (void)
{
  LksBoardMemory *self = g_new0 (LksBoardMemory, 1);

  g_queue_init (&self->memories);
  self->links = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * lks_board_memory_free:
 * @self: (transfer full): a memory
 */
void
lks_board_memory_free (LksBoardMemory *self)
{
  g_hash_table_unref (self->links);
  g_queue_clear_full (&self->memories, memory_free);
  g_free (self);
}

/**
 * lks_board_memory_get_n:
 * @self: a memory
 *
 * Returns: how many boards are remembered
 */
guint
lks_board_memory_get_n (LksBoardMemory *self)
{
  return self->memories.length;
}

/* (transfer full) */
static Memory *
remove_link (LksBoardMemory *self, GList *link)
{
  Memory *memory = link->data;

  g_hash_table_remove (self->links, memory->device_id);
  g_queue_delete_link (&self->memories, link);
  return memory;
}

/**
 * lks_board_memory_keep:
 * @self: a memory
 * @device_id: of a board that was unplugged
 * @path: where it was
 * @history: what was seen of it; copied
 *
 * Remembers the board, and forgets the one that is away for the longest time when there are more
 * than %LKS_BOARD_MEMORY_MAX.
 */
void
lks_board_memory_keep (LksBoardMemory *self,
                       const char *device_id,
                       const char *path,
                       const LksLockHistory *history)
{
  GList *link = g_hash_table_lookup (self->links, device_id);
  Memory *memory = g_new0 (Memory, 1);

  if (link != NULL)
    memory_free (remove_link (self, link));
  if (self->memories.length >= LKS_BOARD_MEMORY_MAX)
    memory_free (remove_link (self, self->memories.head));

  memory->device_id = g_strdup (device_id);
  memory->path = g_strdup (path);
  memory->history = *history;
  g_queue_push_tail (&self->memories, memory);
  g_hash_table_insert (self->links, memory->device_id, self->memories.tail);
}

/**
 * lks_board_memory_take:
 * @self: a memory
 * @device_id: (nullable): of a board that was plugged in
 * @out_path: (out) (transfer full): where it was
 * @out_history: (out caller-allocates): what was seen of it
 *
 * Returns: whether the board was remembered; it is not any more
 */
gboolean
lks_board_memory_take (LksBoardMemory *self,
                       const char *device_id,
                       char **out_path,
                       LksLockHistory *out_history)
{
  GList *link = device_id != NULL ? g_hash_table_lookup (self->links, device_id) : NULL;
  Memory *memory;

  if (link == NULL)
    return FALSE;

  memory = remove_link (self, link);
  *out_path = g_steal_pointer (&memory->path);
  *out_history = memory->history;
  memory_free (memory);
  return TRUE;
}
