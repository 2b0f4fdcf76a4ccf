/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-vault.h"

#include "lks-cli.h"
#include "lks-device-id.h"
#include "lks-end-signals.h"

#include <stdio.h>
#include <string.h>

#define NAME_DIGITS_MIN 4

/* After so long the person is told what is being waited for. */
#define PATIENCE_MS 2000

struct _LksCliVault
{
  LksVault *vault;           /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GAsyncResult *result;      /* (owned) (nullable): the last answer */
  LksEndSignals signals;
};

static gboolean
stop_cb (gpointer user_data)
{
  LksCliVault *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

static void
still_waiting_cb (gpointer user_data)
{
  guint *id = user_data;

  *id = 0;
  fputs ("locksmithctl: waiting for the keyring; it may be asking for its password\n", stderr);
}

/**
 * lks_cli_vault_open:
 * @error: return location for an error
 *
 * Opens the vault, which may ask for the keyring's password. From here on SIGINT, SIGTERM
 * and SIGHUP cancel what is waited for.
 *
 * Returns: (transfer full) (nullable): the vault, or NULL with @error set
 */
LksCliVault *
lks_cli_vault_open (GError **error)
{
  g_autoptr (LksCliVault) self = g_new0 (LksCliVault, 1);
  guint patience_id = 0;
  GAsyncResult *result;

  self->vault = lks_vault_new ();
  self->cancellable = g_cancellable_new ();
  lks_end_signals_watch (&self->signals, stop_cb, self);

  patience_id = g_timeout_add_once (PATIENCE_MS, still_waiting_cb, &patience_id);
  lks_vault_unlock_async (self->vault, self->cancellable, lks_cli_vault_answered_cb, self);
  result = lks_cli_vault_wait (self);
  g_clear_handle_id (&patience_id, g_source_remove);

  return lks_vault_unlock_finish (self->vault, result, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * lks_cli_vault_close:
 * @self: a vault that nothing waits for
 */
void
lks_cli_vault_close (LksCliVault *self)
{
  g_clear_object (&self->result);
  g_clear_object (&self->vault);
  lks_end_signals_clear (&self->signals);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/**
 * lks_cli_vault_get:
 * @self: an open vault
 *
 * Returns: (transfer none): the vault
 */
LksVault *
lks_cli_vault_get (LksCliVault *self)
{
  return self->vault;
}

/**
 * lks_cli_vault_get_cancellable:
 * @self: an open vault
 *
 * Returns: (transfer none): cancelled when the person at the terminal wants to stop
 */
GCancellable *
lks_cli_vault_get_cancellable (LksCliVault *self)
{
  return self->cancellable;
}

/**
 * lks_cli_vault_answered_cb:
 * @source: the vault
 * @result: its answer
 * @self: an open vault, for which lks_cli_vault_wait() is called
 */
void
lks_cli_vault_answered_cb (GObject *source, GAsyncResult *result, gpointer self)
{
  g_set_object (&((LksCliVault *) self)->result, result);
}

/**
 * lks_cli_vault_wait:
 * @self: a vault with an operation under way
 *
 * Returns: (transfer none): the answer, until the next one
 */
GAsyncResult *
lks_cli_vault_wait (LksCliVault *self)
{
  g_clear_object (&self->result);
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return self->result;
}

static gboolean
is_meant (LksVaultItem *item, const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  return lks_device_id_matches (lks_vault_item_get_device_id (item), text) ||
         (strlen (text) >= NAME_DIGITS_MIN &&
          g_str_has_prefix (lks_vault_item_get_fingerprint (item), lower));
}

/**
 * lks_cli_vault_find:
 * @self: an open vault
 * @text: the end of a device ID or the beginning of a fingerprint, at least four digits
 * @error: return location for an error
 *
 * Returns: (transfer none): the only item that is meant, or NULL with @error set
 */
LksVaultItem *
lks_cli_vault_find (LksCliVault *self, const char *text, GError **error)
{
  GListModel *items = lks_vault_get_items (self->vault);
  LksVaultItem *found = NULL;
  guint n_found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (LksVaultItem) item = g_list_model_get_item (items, i);

      if (is_meant (item, text))
        {
          found = item; /* the list keeps it alive */
          n_found++;
        }
    }

  if (n_found == 1)
    return found;
  if (n_found == 0)
    g_set_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND,
                 "the vault has no capability “%s”", text);
  else
    g_set_error (error, LKS_CLI_ERROR, LKS_CLI_ERROR_AMBIGUOUS_ITEM,
                 "“%s” could be any of %u capabilities", text, n_found);
  return NULL;
}
