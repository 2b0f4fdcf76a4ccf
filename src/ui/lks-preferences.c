/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-preferences.h"

#include "lks-operator-gate.h"
#include "lks-pin-dialog.h"
#include "lks-share-dialog.h"
#include "lks-share-text.h"
#include "lks-station-share-file.h"
#include "lks-station-share.h"

#include <glib/gi18n-lib.h>

#define PRODUCTS_SEPARATOR ";"

struct _LksPreferences
{
  AdwPreferencesWindow parent_instance;

  AdwEntryRow *operator_row;        /* template child */
  AdwEntryRow *products_row;        /* template child */
  AdwActionRow *ledger_row;         /* template child */
  AdwActionRow *share_row;          /* template child */
  GtkWidget *share_button;          /* template child */
  GtkSpinButton *minutes;           /* template child */
  GtkSpinButton *grace;             /* template child */
  GtkSwitch *lock_switch;           /* template child */
  GtkSwitch *survive_switch;        /* template child */
  GtkSpinButton *wall_idle;         /* template child */
  GtkSwitch *sounds_switch;         /* template child */
  AdwPreferencesGroup *trust_group; /* template child */
  AdwActionRow *sign_in_row;        /* template child */
  GtkSwitch *sign_in_switch;        /* template child */
  AdwActionRow *pin_row;            /* template child */

  GSettings *settings; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksPreferences, lks_preferences, ADW_TYPE_PREFERENCES_WINDOW)

typedef enum
{
  SIGNAL_SHARE_CHANGED,
  N_SIGNALS,
} LksPreferencesSignal;

static guint signals[N_SIGNALS];

static void
show_products (LksPreferences *self)
{
  g_auto (GStrv) products = g_settings_get_strv (self->settings, "extra-products");
  g_autofree char *text = g_strjoinv (PRODUCTS_SEPARATOR " ", products);

  gtk_editable_set_text (GTK_EDITABLE (self->products_row), text);
}

static void
products_applied_cb (LksPreferences *self)
{
  g_auto (GStrv) pieces = g_strsplit (gtk_editable_get_text (GTK_EDITABLE (self->products_row)),
                                      PRODUCTS_SEPARATOR, -1);
  g_autoptr (GStrvBuilder) products = g_strv_builder_new ();
  g_auto (GStrv) result = NULL;

  for (guint i = 0; pieces[i] != NULL; i++)
    if (*g_strstrip (pieces[i]) != '\0')
      g_strv_builder_add (products, pieces[i]);
  result = g_strv_builder_end (products);
  g_settings_set_strv (self->settings, "extra-products", (const char *const *) result);
  adw_preferences_window_add_toast (
      ADW_PREFERENCES_WINDOW (self),
      adw_toast_new (_ ("The product strings are used when Locksmith starts again.")));
}

static void
open_ledger_folder_cb (LksPreferences *self)
{
  g_autofree char *folder = g_path_get_dirname (adw_action_row_get_subtitle (self->ledger_row));
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (self), uri, GDK_CURRENT_TIME);
}

static void
add_trust_row (LksPreferences *self, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", subtitle, NULL);
  adw_preferences_group_add (self->trust_group, row);
}

static void
list_trust_folder (LksPreferences *self, const char *config_dir)
{
  g_autofree char *folder = g_build_filename (config_dir, "locksmith", "trust.d", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".pem"))
      add_trust_row (self, name, folder);
}

static void
list_trust (LksPreferences *self)
{
  add_trust_row (self, _ ("The vendor’s published CA key"), _ ("Built in"));
  list_trust_folder (self, g_get_user_config_dir ());
  for (const char *const *dir = g_get_system_config_dirs (); *dir != NULL; dir++)
    list_trust_folder (self, *dir);
}

static LksStationConfig *
ref_config (void)
{
  g_autoptr (LksOperatorGate) gate = lks_operator_gate_ref_default ();
  LksOperatorSession *session = lks_operator_gate_get_session (gate);

  return session != NULL ? lks_station_config_ref (lks_operator_session_get_config (session))
                         : lks_station_config_new ();
}

static void
set_pin_cb (LksPreferences *self)
{
  g_autoptr (LksStationConfig) config = ref_config ();
  GtkWindow *dialog = GTK_WINDOW (lks_pin_dialog_new (config));

  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  gtk_window_present (dialog);
}

/* ---- the shared ledger ---- */

static void
share_saved_cb (LksPreferences *self)
{
  g_signal_emit (self, signals[SIGNAL_SHARE_CHANGED], 0);
}

/* A file that cannot be understood is written anew. */
static void
configure_share_cb (LksPreferences *self)
{
  g_autoptr (LksSharePlace) place = NULL;
  LksShareDialog *dialog;

  lks_station_find_share (&place, NULL);
  dialog = lks_share_dialog_new (place);
  g_signal_connect_object (dialog, "saved", G_CALLBACK (share_saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What another file says would win over what is saved here. */
static void
show_share_file (LksPreferences *self)
{
  g_autofree char *path = lks_station_share_file_find (NULL);
  g_autofree char *text = NULL;

  if (!lks_station_share_file_is_fixed (path))
    return;

  /* Translators: the path of a file */
  text = g_strdup_printf (_ ("Named in %s; change it there."), path);
  gtk_widget_set_sensitive (self->share_button, FALSE);
  gtk_widget_set_tooltip_text (self->share_button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->share_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* What the administrator says cannot be changed here. */
static void
show_station (LksPreferences *self)
{
  g_autoptr (LksStationConfig) config = ref_config ();

  g_settings_bind (self->settings, "require-sign-in", self->sign_in_switch, "active",
                   config->requires_sign_in ? G_SETTINGS_BIND_GET_NO_CHANGES
                                            : G_SETTINGS_BIND_DEFAULT);
  if (config->requires_sign_in)
    {
      gtk_switch_set_active (self->sign_in_switch, TRUE);
      gtk_widget_set_sensitive (GTK_WIDGET (self->sign_in_row), FALSE);
      adw_action_row_set_subtitle (self->sign_in_row,
                                   _ ("The configuration of this station asks for it."));
    }
  if (config->pin_file != NULL)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (self->pin_row), FALSE);
      adw_action_row_set_subtitle (self->pin_row, config->pin_file);
    }
}

static void
lks_preferences_dispose (GObject *object)
{
  LksPreferences *self = LKS_PREFERENCES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_PREFERENCES);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (lks_preferences_parent_class)->dispose (object);
}

static void
lks_preferences_class_init (LksPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_preferences_dispose;
  signals[SIGNAL_SHARE_CHANGED] =
      g_signal_new ("share-changed", LKS_TYPE_PREFERENCES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, operator_row);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, products_row);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, ledger_row);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, share_row);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, share_button);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, minutes);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, grace);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, lock_switch);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, survive_switch);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, wall_idle);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, sounds_switch);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, trust_group);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, sign_in_row);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, sign_in_switch);
  gtk_widget_class_bind_template_child (widget_class, LksPreferences, pin_row);
  gtk_widget_class_bind_template_callback (widget_class, set_pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, configure_share_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_ledger_folder_cb);
  gtk_widget_class_bind_template_callback (widget_class, products_applied_cb);
}

static void
lks_preferences_init (LksPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_preferences_new:
 * @settings: the settings of the program
 * @ledger_path: where the records are kept
 *
 * Creates the preferences window.
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksPreferences *
lks_preferences_new (GSettings *settings, const char *ledger_path)
{
  LksPreferences *self = g_object_new (LKS_TYPE_PREFERENCES, NULL);

  self->settings = g_object_ref (settings);
  g_settings_bind (settings, "operator-name", self->operator_row, "text", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "session-minutes", self->minutes, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "session-grace-seconds", self->grace, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "session-ends-on-lock", self->lock_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "session-survives-program", self->survive_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "wall-idle-minutes", self->wall_idle, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "wall-sounds", self->sounds_switch, "active", G_SETTINGS_BIND_DEFAULT);
  show_station (self);
  show_share_file (self);
  show_products (self);
  adw_action_row_set_subtitle (self->ledger_row, ledger_path);
  list_trust (self);
  return self;
}

static void
share_changed_cb (LksPreferences *self, GParamSpec *unused, LksSharePusher *pusher)
{
  g_autofree char *text = lks_share_describe (pusher, NULL);

  adw_action_row_set_subtitle (self->share_row, text);
}

/**
 * lks_preferences_set_share:
 * @self: a preferences window
 * @pusher: (nullable): what copies the records to a shared ledger
 * @error: (nullable): why nothing does, although a shared ledger is named
 *
 * Shows how far the records were copied.
 */
void
lks_preferences_set_share (LksPreferences *self, LksSharePusher *pusher, const GError *error)
{
  g_autofree char *text = lks_share_describe (pusher, error);

  adw_action_row_set_subtitle (self->share_row,
                               text != NULL ? text : _ ("None: records stay on this computer."));
  if (pusher != NULL)
    g_signal_connect_object (pusher, "notify::error", G_CALLBACK (share_changed_cb), self,
                             G_CONNECT_SWAPPED);
}
