/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-catalog-row.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-text.h"
#include "lks-error-text.h"

#include <glib/gi18n-lib.h>

#define CATALOGS_MAX 500

struct _LksCatalogRow
{
  AdwComboRow parent_instance;

  LksCloudDesk *desk;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned): of what was asked last */
  GPtrArray *catalogs;       /* (owned) (element-type LksCloudScope) */
  char *nobody;              /* (owned): what is told when nobody is signed in */
  char *none;                /* (owned): what is told when there is no catalog */
  char *all;                 /* (owned) (nullable): the choice of none in particular */
};

G_DEFINE_FINAL_TYPE (LksCatalogRow, lks_catalog_row, ADW_TYPE_COMBO_ROW)

static guint changed_signal;

static void
tell (LksCatalogRow *self, const char *text)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}

static void
selected_cb (LksCatalogRow *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
show_catalogs (LksCatalogRow *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  if (self->all != NULL)
    gtk_string_list_append (names, self->all);
  for (guint i = 0; i < self->catalogs->len; i++)
    {
      const LksCloudScope *scope = g_ptr_array_index (self->catalogs, i);
      /* Translators: the name of a catalog and of the resource group it is in */
      g_autofree char *name =
          g_strdup_printf (_ ("%s (%s)"), scope->catalog,
                           scope->tenant != NULL ? scope->tenant : scope->resource_group);

      gtk_string_list_append (names, name);
    }
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (names));
  g_signal_emit (self, changed_signal, 0);
}

static void
forget_catalogs (LksCatalogRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_ptr_array_set_size (self->catalogs, 0);
  show_catalogs (self);
}

/* ---- what the cloud says ---- */

typedef struct
{
  GPtrArray *catalogs; /* (owned) (element-type LksCloudScope) */
  GPtrArray *gaps;     /* (owned) (nullable) (element-type LksCloudGap) */
} Answer;

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_ptr_array_unref (self->catalogs);
  g_clear_pointer (&self->gaps, g_ptr_array_unref);
  g_free (self);
}

static gboolean
take_catalog (LksCloudResource *resource, gpointer user_data, GError **error)
{
  GPtrArray *catalogs = user_data;

  if (catalogs->len < CATALOGS_MAX)
    g_ptr_array_add (catalogs, lks_cloud_scope_copy (resource->scope));
  return TRUE;
}

static gboolean
list_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Answer *answer = data;

  if (!lks_cloud_catalog_list (client, NULL, NULL, take_catalog, answer->catalogs, cancellable,
                               error))
    return FALSE;
  answer->gaps = lks_cloud_gaps_copy (lks_cloud_client_get_gaps (client));
  return TRUE;
}

/* What was asked for another account is cancelled. */
static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCatalogRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *note = NULL;
  const Answer *answer = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);

  if (self->desk == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_ptr_array_set_size (self->catalogs, 0);
  for (guint i = 0; answer != NULL && i < answer->catalogs->len; i++)
    g_ptr_array_add (self->catalogs,
                     lks_cloud_scope_copy (g_ptr_array_index (answer->catalogs, i)));
  text = error != NULL ? lks_error_to_text (error) : NULL;
  note = answer != NULL ? lks_cloud_gaps_to_note (answer->gaps) : NULL;
  tell (self, text != NULL              ? text
              : note != NULL            ? note
              : self->catalogs->len > 0 ? ""
                                        : self->none);
  show_catalogs (self);
}

static void
account_changed_cb (LksCatalogRow *self)
{
  Answer *answer;

  forget_catalogs (self);
  if (lks_cloud_desk_get_account (self->desk) == NULL)
    {
      tell (self, self->nobody);
      return;
    }
  tell (self, _ ("Asking the cloud…"));
  answer = g_new0 (Answer, 1);
  answer->catalogs = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_cloud_scope_free);
  lks_cloud_desk_run_async (self->desk, list_in_thread, answer, answer_free, self->cancellable,
                            listed_cb, g_object_ref (self));
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCatalogRow) self = user_data;

  /* Without a keyring nobody is signed in, which is told. */
  lks_cloud_desk_look_finish (LKS_CLOUD_DESK (source), result, NULL);
  if (self->desk != NULL && lks_cloud_desk_get_account (self->desk) == NULL)
    account_changed_cb (self);
}

/* ---- the widget ---- */

static void
lks_catalog_row_dispose (GObject *object)
{
  LksCatalogRow *self = LKS_CATALOG_ROW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (lks_catalog_row_parent_class)->dispose (object);
}

static void
lks_catalog_row_finalize (GObject *object)
{
  LksCatalogRow *self = LKS_CATALOG_ROW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->catalogs, g_ptr_array_unref);
  g_free (self->nobody);
  g_free (self->none);
  g_free (self->all);
  G_OBJECT_CLASS (lks_catalog_row_parent_class)->finalize (object);
}

static void
lks_catalog_row_class_init (LksCatalogRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_catalog_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_catalog_row_finalize;

  changed_signal = g_signal_new ("changed", LKS_TYPE_CATALOG_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lks_catalog_row_init (LksCatalogRow *self)
{
  self->cancellable = g_cancellable_new ();
  self->catalogs = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_cloud_scope_free);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Catalog"));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
}

/**
 * lks_catalog_row_set_texts:
 * @self: a row
 * @nobody: what is told when nobody is signed in
 * @none: what is told when the account sees no catalog
 * @all: (nullable): a choice before the catalogs, for none in particular
 *
 * Sets what only the place where the row is knows.
 */
void
lks_catalog_row_set_texts (LksCatalogRow *self,
                           const char *nobody,
                           const char *none,
                           const char *all)
{
  g_return_if_fail (LKS_IS_CATALOG_ROW (self));

  g_free (self->nobody);
  g_free (self->none);
  g_free (self->all);
  self->nobody = g_strdup (nobody);
  self->none = g_strdup (none);
  self->all = g_strdup (all);
}

/**
 * lks_catalog_row_set_desk:
 * @self: a row that has its texts, and no desk
 * @desk: where to work with the cloud
 *
 * Lists the catalogs of whoever is signed in, and follows that. When nobody is yet, the keyring is
 * asked, which may ask for its password.
 */
void
lks_catalog_row_set_desk (LksCatalogRow *self, LksCloudDesk *desk)
{
  g_return_if_fail (LKS_IS_CATALOG_ROW (self));
  g_return_if_fail (self->desk == NULL && self->nobody != NULL);

  self->desk = g_object_ref (desk);
  g_signal_connect_swapped (desk, "notify::account", G_CALLBACK (account_changed_cb), self);
  if (lks_cloud_desk_get_account (desk) != NULL)
    {
      account_changed_cb (self);
      return;
    }
  tell (self, _ ("Asking the keyring who is signed in…"));
  lks_cloud_desk_look_async (desk, self->cancellable, looked_cb, g_object_ref (self));
}

/**
 * lks_catalog_row_get_catalog:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the chosen catalog; NULL for none, or none in particular
 */
const LksCloudScope *
lks_catalog_row_get_catalog (LksCatalogRow *self)
{
  guint chosen = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  if (self->all != NULL)
    chosen = chosen == 0 ? GTK_INVALID_LIST_POSITION : chosen - 1;
  return chosen < self->catalogs->len ? g_ptr_array_index (self->catalogs, chosen) : NULL;
}
