/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

typedef struct
{
  char *port; /* (owned) */
  gboolean is_contested;
} Claim;

/* Which device IDs have a run in this program. Two places that report one ID are a fault that
 * must stop both, and neither run could see it alone. */
static GMutex claims_mutex;
static GHashTable *claims; /* (owned) (element-type utf8 Claim): under @claims_mutex */

/* And which labels they have: what no record says yet. */
static GHashTable *labels; /* (owned) (element-type utf8 utf8): the device ID of each; the same */

static void
claim_free (gpointer data)
{
  Claim *claim = data;

  g_free (claim->port);
  g_free (claim);
}

/* Returns FALSE when another run has this ID; that one is told through is_contested. */
gboolean
lks_run_claim (const char *device_id, const char *port, char **out_other_port)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&claims_mutex);
  Claim *claim;

  if (claims == NULL)
    claims = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, claim_free);

  claim = g_hash_table_lookup (claims, device_id);
  if (claim != NULL)
    {
      claim->is_contested = TRUE;
      *out_other_port = g_strdup (claim->port);
      return FALSE;
    }

  claim = g_new0 (Claim, 1);
  claim->port = g_strdup (port);
  g_hash_table_insert (claims, g_strdup (device_id), claim);
  return TRUE;
}

static gboolean
is_claim_contested (const char *device_id)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&claims_mutex);
  Claim *claim = claims != NULL ? g_hash_table_lookup (claims, device_id) : NULL;

  return claim != NULL && claim->is_contested;
}

/* Whether another place reports the device ID of this run: as whoever watches all places says, or
 * another run that was refused for it. Once it has, that does not go away. */
gboolean
lks_run_is_contested (LksRun *run)
{
  const gint *is_contested = run->target->is_contested;

  return (is_contested != NULL && g_atomic_int_get (is_contested) != 0) ||
         is_claim_contested (run->result->device_id);
}

/* Returns FALSE when a run of another board has this label. */
gboolean
lks_run_claim_label (const char *label, const char *device_id, char **out_other_id)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&claims_mutex);
  const char *other_id;

  if (labels == NULL)
    labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  other_id = g_hash_table_lookup (labels, label);
  if (other_id != NULL)
    {
      *out_other_id = g_strdup (other_id);
      return FALSE;
    }
  g_hash_table_insert (labels, g_strdup (label), g_strdup (device_id));
  return TRUE;
}

/* For the run that claimed it. */
void
lks_run_release_label (const char *label)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&claims_mutex);

  g_hash_table_remove (labels, label);
  if (g_hash_table_size (labels) == 0)
    g_clear_pointer (&labels, g_hash_table_unref);
}

/* For the run that claimed it. The table goes with its last claim. */
void
lks_run_release (const char *device_id)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&claims_mutex);

  g_hash_table_remove (claims, device_id);
  if (g_hash_table_size (claims) == 0)
    g_clear_pointer (&claims, g_hash_table_unref);
}
