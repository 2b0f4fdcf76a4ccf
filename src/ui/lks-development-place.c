/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-development-place.h"

#include "lks-catalog-row.h"
#include "lks-cloud-text.h"
#include "lks-error-note.h"
#include "lks-shared-desk.h"

#include <glib/gi18n-lib.h>

struct _LksDevelopmentPlace
{
  AdwBin parent_instance;

  GtkSwitch *cloud_switch;    /* template child */
  AdwActionRow *cloud_row;    /* template child */
  LksCatalogRow *catalog_row; /* template child */
  AdwEntryRow *group_row;     /* template child */
  AdwEntryRow *product_row;   /* template child */
  GtkWidget *notes;           /* template child */
  GtkLabel *role_label;       /* template child */
  GtkLabel *legacy_label;     /* template child */
  LksErrorNote *error_note;   /* template child */

  LksCloudDesk *desk; /* (owned) (nullable): NULL while the cloud is not wanted */
};

G_DEFINE_FINAL_TYPE (LksDevelopmentPlace, lks_development_place, ADW_TYPE_BIN)

static guint changed_signal;

static LksCloudAccount *
get_account (LksDevelopmentPlace *self)
{
  return self->desk != NULL ? lks_cloud_desk_get_account (self->desk) : NULL;
}

static void
show_account (LksDevelopmentPlace *self)
{
  LksCloudAccount *account = get_account (self);
  gboolean is_legacy = account != NULL && lks_cloud_account_is_legacy (account);
  g_autofree char *end =
      is_legacy ? lks_cloud_legacy_to_note (g_get_real_time () / G_USEC_PER_SEC) : NULL;
  g_autofree char *user =
      account != NULL
          /* Translators: who is signed in */
          ? g_strdup_printf (_ ("Signed in as %s"), lks_cloud_account_get_user (account))
          : NULL;

  adw_action_row_set_subtitle (self->cloud_row, user != NULL
                                                    ? user
                                                    : _ ("The capability file is made there, and "
                                                         "the board goes to its device group"));
  gtk_label_set_label (self->role_label, lks_cloud_action_to_role (LKS_CLOUD_ACTION_MOVE, account));
  gtk_label_set_label (self->legacy_label, end != NULL ? end : "");
  gtk_widget_set_visible (GTK_WIDGET (self->legacy_label), is_legacy);
}

static gboolean
has_text (AdwEntryRow *row)
{
  return *gtk_editable_get_text (GTK_EDITABLE (row)) != '\0';
}

static void
update (LksDevelopmentPlace *self)
{
  gboolean is_wanted = lks_development_place_is_wanted (self);

  show_account (self);
  gtk_widget_set_visible (GTK_WIDGET (self->catalog_row), is_wanted);
  gtk_widget_set_visible (GTK_WIDGET (self->group_row), is_wanted);
  gtk_widget_set_visible (GTK_WIDGET (self->product_row), is_wanted && has_text (self->group_row));
  gtk_widget_set_visible (self->notes, is_wanted);
  g_signal_emit (self, changed_signal, 0);
}

/* The keyring may ask for its password: it is looked into only now. */
static gboolean
open_desk (LksDevelopmentPlace *self)
{
  g_autoptr (GError) error = NULL;

  self->desk = lks_shared_desk_ref (&error);
  lks_error_note_set_error (self->error_note, error);
  if (self->desk == NULL)
    return FALSE;
  g_signal_connect_object (self->desk, "notify::account", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  lks_catalog_row_set_desk (self->catalog_row, self->desk);
  return TRUE;
}

static void
switched_cb (LksDevelopmentPlace *self)
{
  if (lks_development_place_is_wanted (self) && self->desk == NULL && !open_desk (self))
    gtk_switch_set_active (self->cloud_switch, FALSE);
  update (self);
}

/* ---- the widget ---- */

static void
lks_development_place_dispose (GObject *object)
{
  LksDevelopmentPlace *self = LKS_DEVELOPMENT_PLACE (object);

  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_DEVELOPMENT_PLACE);
  G_OBJECT_CLASS (lks_development_place_parent_class)->dispose (object);
}

static void
lks_development_place_class_init (LksDevelopmentPlaceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_development_place_dispose;

  g_type_ensure (LKS_TYPE_CATALOG_ROW);
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-development-place.ui");
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, cloud_switch);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, cloud_row);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, catalog_row);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, group_row);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, product_row);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, notes);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, legacy_label);
  gtk_widget_class_bind_template_child (widget_class, LksDevelopmentPlace, error_note);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);

  changed_signal = g_signal_new ("changed", LKS_TYPE_DEVELOPMENT_PLACE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
lks_development_place_init (LksDevelopmentPlace *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lks_catalog_row_set_texts (
      self->catalog_row,
      _ ("Nobody is signed in. Sign in on the page Cloud, or leave the cloud out here."),
      _ ("This account sees no catalog."), _ ("Look for the Board in All"));
  show_account (self);
}

/**
 * lks_development_place_set_goal:
 * @self: a new one
 * @goal: what the board is prepared for
 *
 * Names the device group that is taken when none is typed.
 */
void
lks_development_place_set_goal (LksDevelopmentPlace *self, LksDevelopmentGoal goal)
{
  g_return_if_fail (LKS_IS_DEVELOPMENT_PLACE (self));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->group_row),
                                 goal == LKS_DEVELOPMENT_GOAL_DEVELOPMENT
                                     ? _ ("Device Group, Instead of “Development”")
                                     : _ ("Device Group, Instead of “Field Test”"));
}

/**
 * lks_development_place_is_wanted:
 * @self: what a person says
 *
 * Returns: whether the cloud's part is to be done
 */
gboolean
lks_development_place_is_wanted (LksDevelopmentPlace *self)
{
  return gtk_switch_get_active (self->cloud_switch);
}

/**
 * lks_development_place_is_signed_in:
 * @self: what a person says
 *
 * Returns: whether there is somebody on whose behalf the cloud's part can be done
 */
gboolean
lks_development_place_is_signed_in (LksDevelopmentPlace *self)
{
  return get_account (self) != NULL;
}

/**
 * lks_development_place_create_preparer:
 * @self: what a person says
 *
 * Returns: (transfer full) (nullable): what the cloud does; NULL when that is not wanted, or nobody
 *   is signed in
 */
LksCloudPreparer *
lks_development_place_create_preparer (LksDevelopmentPlace *self)
{
  LksCloudAccount *account = get_account (self);
  const LksCloudScope *catalog = lks_catalog_row_get_catalog (self->catalog_row);
  g_autofree char *catalog_id = catalog != NULL ? lks_cloud_scope_dup_id (catalog) : NULL;
  gboolean has_group = has_text (self->group_row);
  const LksCloudPreparerWish wish = {
    .catalog = catalog_id,
    .product = has_group && has_text (self->product_row)
                   ? gtk_editable_get_text (GTK_EDITABLE (self->product_row))
                   : NULL,
    .group = has_group ? gtk_editable_get_text (GTK_EDITABLE (self->group_row)) : NULL,
  };

  return account != NULL && lks_development_place_is_wanted (self)
             ? lks_cloud_preparer_new (account, lks_cloud_desk_get_trust (self->desk), &wish)
             : NULL;
}
