/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-application.h"

#include "lks-attached.h"
#include "lks-help-window.h"
#include "lks-operator-gate.h"
#include "lks-preferences.h"
#include "lks-station-mode.h"
#include "lks-station-share.h"
#include "lks-window.h"

#include <glib/gi18n-lib.h>

#define RESOURCE_PATH "/io/github/locksmith/Locksmith"
#define ICON_NAME "io.github.locksmith.Locksmith"
#define SCHEMA_ID "io.github.locksmith.Locksmith"

struct _LksApplication
{
  AdwApplication parent_instance;

  gboolean was_shown;       /* the signal was emitted */
  GSettings *settings;      /* (owned) */
  GListModel *boards;       /* (owned) (nullable) of LksBoard */
  GError *boards_error;     /* (owned) (nullable) why there are none */
  LksLedger *ledger;        /* (owned) (nullable) */
  GError *ledger_error;     /* (owned) (nullable) why there is none */
  LksSessionKeeper *keeper; /* (owned) (nullable) */
  GError *keeper_error;     /* (owned) (nullable) why there is none */
  LksVault *vault;          /* (owned) (nullable) */
  LksSharePusher *share;    /* (owned) (nullable) */
  GError *share_error;      /* (owned) (nullable) why there is none, although one is named */
  LksAttached *attached;    /* (owned): kept for all who ask for it */
  LksOperatorGate *gate;    /* (owned): kept for all who ask for it */
  GError *station_problem;  /* (owned) (nullable) with the configuration of the station */
  GPtrArray *opened;        /* (owned) of GFile: asked for, and not shown yet */
};

G_DEFINE_FINAL_TYPE (LksApplication, lks_application, ADW_TYPE_APPLICATION)

enum
{
  SIGNAL_SHOWN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
is_open (GtkApplication *application, gpointer window)
{
  return g_list_find (gtk_application_get_windows (application), window) != NULL;
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *application = user_data;
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (application));

  /* Every window is asked, the uppermost first; what one has to ask itself is asked once. */
  for (GList *window = windows; window != NULL; window = window->next)
    {
      if (!is_open (application, window->data))
        continue; /* it went with the one that it belonged to */
      gtk_window_close (window->data);
      if (is_open (application, window->data))
        return;
    }
}

static void
present_above (LksApplication *self, GtkWindow *window)
{
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (self));

  gtk_window_set_transient_for (window, parent);
  gtk_window_present (window);
}

/* The old one is told to end before the new one begins, and nobody waits for it. */
static void
share_changed_cb (LksApplication *self, LksPreferences *preferences)
{
  lks_preferences_set_share (preferences, NULL, NULL);
  g_clear_object (&self->share);
  g_clear_error (&self->share_error);
  if (self->ledger != NULL)
    self->share = lks_station_share_ledger (self->ledger, &self->share_error);
  lks_preferences_set_share (preferences, self->share, self->share_error);
}

static void
show_preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LksApplication *self = user_data;
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (self));
  g_autofree char *path = self->ledger != NULL ? g_strdup (lks_ledger_get_path (self->ledger))
                                               : lks_ledger_dup_default_path ();
  LksPreferences *preferences;

  if (parent != NULL && !lks_operator_permit (GTK_WIDGET (parent), LKS_OPERATOR_ACT_PREFERENCES))
    return;

  preferences = lks_preferences_new (self->settings, path);
  lks_preferences_set_share (preferences, self->share, self->share_error);
  g_signal_connect_object (preferences, "share-changed", G_CALLBACK (share_changed_cb), self,
                           G_CONNECT_SWAPPED);
  present_above (self, GTK_WINDOW (preferences));
}

static void
show_help_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  present_above (user_data, GTK_WINDOW (lks_help_window_new ()));
}

/* Made when it is asked for: GTK 4.8 crashes when an assistive technology looks at the program
 * while a window is closing and a hidden one is left, which the automatic help overlay would be. */
static void
show_shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource (RESOURCE_PATH "/ui/lks-shortcuts.ui");

  present_above (user_data, GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts")));
}

static void
show_about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWidget *about = adw_about_window_new ();

  g_object_set (about, "application-name", _ ("Locksmith"), "application-icon", ICON_NAME,
                "version", PACKAGE_VERSION, "developer-name", _ ("The Locksmith authors"),
                "license-type", GTK_LICENSE_GPL_3_0, "comments",
                _ ("Locksmith finalizes and services Azure Sphere boards: it checks them, locks "
                   "them for shipping, proves the lock and keeps the evidence. It talks to the "
                   "boards itself, without services, administrator rights or internet."),
                /* Translators: put your names here, one per line */
                "translator-credits", _ ("translator-credits"), NULL);
  adw_about_window_add_legal_section (
      ADW_ABOUT_WINDOW (about), _ ("Support by the Vendor"), NULL, GTK_LICENSE_CUSTOM,
      _ ("The vendor of Azure Sphere announced its retirement on 20 March 2026. The MT3620 chip "
         "reached its end of life on 31 July 2026, the Legacy interfaces end on 27 September 2027, "
         "and extended support ends on 31 July 2031. What Locksmith does over the service port "
         "does not depend on it.\n\n"
         "Azure Sphere is a trademark of Microsoft. Locksmith is not made or endorsed by "
         "Microsoft."));
  present_above (user_data, GTK_WINDOW (about));
}

static const GActionEntry actions[] = {
  { "quit", quit_cb },
  { "show-about", show_about_cb },
  { "show-help", show_help_cb },
  { "show-preferences", show_preferences_cb },
  { "show-shortcuts", show_shortcuts_cb },
};

static void
set_accels (LksApplication *self)
{
  static const struct
  {
    const char *action, *accel;
  } accels[] = {
    { "app.quit", "<Control>q" },
    { "app.show-help", "F1" },
    { "app.show-preferences", "<Control>comma" },
    { "app.show-shortcuts", "<Control>question" },
    { "window.close", "<Control>w" },
    { "win.copy-board-id", "<Control><Shift>c" },
    { "win.finalize", "<Control>n" },
    { "win.finalize-selected", "<Control><Shift>n" },
    { "win.identify-board", "<Control>l" },
    { "win.refresh-board", "F5" },
    { "win.search", "<Control>f" },
    { "win.show-page::boards", "<Alt>1" },
    { "win.show-page::capabilities", "<Alt>2" },
    { "win.show-page::records", "<Alt>3" },
    { "win.show-page::cloud", "<Alt>4" },
    { "win.show-page::wall", "<Alt>5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    {
      const char *keys[] = { accels[i].accel, NULL };

      gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action, keys);
    }
}

static void
lks_application_startup (GApplication *application)
{
  LksApplication *self = LKS_APPLICATION (application);

  G_APPLICATION_CLASS (lks_application_parent_class)->startup (application);
  lks_station_mode_guard_inspector ();

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_accels (self);
}

/* Boards will be shown: building their page now keeps the first one from stalling the window. */
static void
build_ahead_cb (gpointer user_data)
{
  g_autoptr (LksApplication) self = user_data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (LKS_IS_WINDOW (window))
    lks_window_build_ahead (LKS_WINDOW (window));
}

/* Everything that the first frame does not need comes after it. The icon is for the task bars of
 * X11, and GTK would load librsvg to draw it in five sizes. */
static void
first_frame_cb (LksApplication *self, GdkFrameClock *clock)
{
  g_signal_handlers_disconnect_by_func (clock, first_frame_cb, self);
  if (self->was_shown)
    return;

  self->was_shown = TRUE;
  gtk_window_set_default_icon_name (ICON_NAME);
  g_signal_emit (self, signals[SIGNAL_SHOWN], 0);
  g_idle_add_once (build_ahead_cb, g_object_ref (self));
}

static void
mapped_cb (GtkWidget *window, LksApplication *self)
{
  g_signal_handlers_disconnect_by_func (window, mapped_cb, self);
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint",
                           G_CALLBACK (first_frame_cb), self, G_CONNECT_SWAPPED);
}

static gboolean
starts_as_station (LksApplication *self)
{
  LksOperatorSession *session = lks_operator_gate_get_session (self->gate);

  return session != NULL && lks_operator_session_get_config (session)->starts_as_station;
}

static LksWindow *
open_window (LksApplication *self)
{
  LksWindow *window = lks_window_new (GTK_APPLICATION (self), self->settings);
  LksOperatorSession *session = lks_operator_gate_get_session (self->gate);

  if (session != NULL)
    lks_window_set_operator_session (window, session, self->station_problem);
  if (starts_as_station (self))
    lks_station_mode_enter (GTK_WINDOW (window));
  lks_window_set_boards (window, self->boards, self->boards_error);
  lks_window_set_ledger (window, self->ledger, self->ledger_error);
  lks_window_set_keeper (window, self->keeper, self->keeper_error);
  if (self->vault != NULL)
    lks_window_set_vault (window, self->vault);
  g_signal_connect_object (window, "map", G_CALLBACK (mapped_cb), self, 0);
  return window;
}

static void
lks_application_activate (GApplication *application)
{
  LksApplication *self = LKS_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = GTK_WINDOW (open_window (self));
  gtk_window_present (window);
}

/* The main window; others, such as a wizard, are not of its kind. */
static LksWindow *
find_window (LksApplication *self)
{
  for (GList *window = gtk_application_get_windows (GTK_APPLICATION (self)); window != NULL;
       window = window->next)
    if (LKS_IS_WINDOW (window->data))
      return window->data;

  return NULL;
}

/* Files wait for the vault, which comes after the first frame. */
static void
show_opened (LksApplication *self)
{
  LksWindow *window = find_window (self);
  g_autoptr (GPtrArray) files = NULL;

  if (self->vault == NULL || window == NULL || self->opened->len == 0)
    return;

  files = g_steal_pointer (&self->opened);
  self->opened = g_ptr_array_new_with_free_func (g_object_unref);
  lks_window_import (window, files);
}

static void
lks_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  LksApplication *self = LKS_APPLICATION (application);

  for (int i = 0; i < n_files; i++)
    g_ptr_array_add (self->opened, g_object_ref (files[i]));
  g_application_activate (application);
  show_opened (self);
}

/* A station asks people to sign in. */
static int
lks_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  LksApplication *self = LKS_APPLICATION (application);
  LksOperatorSession *session = lks_operator_gate_get_session (self->gate);

  if (session != NULL && g_variant_dict_contains (options, "station"))
    {
      LksStationConfig *config = lks_operator_session_get_config (session);

      config->starts_as_station = TRUE;
      config->requires_sign_in = TRUE;
    }
  return -1; /* go on */
}

static void
add_options (LksApplication *self)
{
  const GOptionEntry entries[] = {
    { "station", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_ ("Fill the screen, and let only engineers leave that"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

static void
lks_application_dispose (GObject *object)
{
  LksApplication *self = LKS_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->boards);
  g_clear_error (&self->boards_error);
  g_clear_object (&self->ledger);
  g_clear_error (&self->ledger_error);
  g_clear_object (&self->keeper);
  g_clear_error (&self->keeper_error);
  g_clear_object (&self->vault);
  g_clear_object (&self->share);
  g_clear_error (&self->share_error);
  g_clear_object (&self->attached);
  g_clear_object (&self->gate);
  g_clear_error (&self->station_problem);
  g_clear_pointer (&self->opened, g_ptr_array_unref);
  G_OBJECT_CLASS (lks_application_parent_class)->dispose (object);
}

static void
lks_application_class_init (LksApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->dispose = lks_application_dispose;
  application_class->startup = lks_application_startup;
  application_class->activate = lks_application_activate;
  application_class->open = lks_application_open;
  application_class->handle_local_options = lks_application_handle_local_options;

  /**
   * LksApplication::shown:
   * @self: the application
   *
   * The first frame of the first window has been drawn: the moment to start what a person does
   * not wait for. Emitted once.
   */
  signals[SIGNAL_SHOWN] = g_signal_new ("shown", LKS_TYPE_APPLICATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
lks_application_init (LksApplication *self)
{
  self->settings = g_settings_new (SCHEMA_ID);
  self->attached = lks_attached_ref_default ();
  self->gate = lks_operator_gate_ref_default ();
  add_options (self);
  self->opened = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * lks_application_new:
 * @application_id: (nullable): the name on the session bus; NULL for none
 *
 * Creates the program. The settings schema must be installed. Files that it is given are
 * capability files, to be imported.
 *
 * Returns: (transfer full): a new application
 */
LksApplication *
lks_application_new (const char *application_id)
{
  return g_object_new (LKS_TYPE_APPLICATION, "application-id", application_id, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", RESOURCE_PATH, NULL);
}

/**
 * lks_application_get_settings:
 * @self: an application
 *
 * Gets the settings of the program.
 *
 * Returns: (transfer none): the settings
 */
GSettings *
lks_application_get_settings (LksApplication *self)
{
  g_return_val_if_fail (LKS_IS_APPLICATION (self), NULL);

  return self->settings;
}

static void
take_error (GError **place, const GError *error)
{
  g_clear_error (place);
  if (error != NULL)
    *place = g_error_copy (error);
}

/**
 * lks_application_set_operator_session:
 * @self: an application without a window
 * @session: who is at the station
 * @problem: (nullable): why the station's configuration is not understood
 *
 * Hands in who is at the station. Whether people have to sign in follows the settings, too.
 */
void
lks_application_set_operator_session (LksApplication *self,
                                      LksOperatorSession *session,
                                      const GError *problem)
{
  g_return_if_fail (LKS_IS_APPLICATION (self));

  take_error (&self->station_problem, problem);
  lks_operator_gate_set_session (self->gate, session);
  g_settings_bind (self->settings, "require-sign-in", session, "required", G_SETTINGS_BIND_GET);
}

/**
 * lks_application_set_boards:
 * @self: an application
 * @boards: (nullable): a list model of [class@Lks.Board]
 * @error: (nullable): why boards cannot be found at all
 *
 * Hands the attached boards in, before or after there is a window.
 */
void
lks_application_set_boards (LksApplication *self, GListModel *boards, const GError *error)
{
  LksWindow *window;

  g_return_if_fail (LKS_IS_APPLICATION (self));

  g_set_object (&self->boards, boards);
  take_error (&self->boards_error, error);
  lks_attached_set_boards (self->attached, boards);
  window = find_window (self);
  if (window != NULL)
    lks_window_set_boards (window, boards, error);
}

/**
 * lks_application_set_ledger:
 * @self: an application without a ledger
 * @ledger: (nullable): where the records are kept
 * @error: (nullable): why there is none
 *
 * Hands the records in, before or after there is a window.
 */
void
lks_application_set_ledger (LksApplication *self, LksLedger *ledger, const GError *error)
{
  LksWindow *window;

  g_return_if_fail (LKS_IS_APPLICATION (self));

  g_set_object (&self->ledger, ledger);
  take_error (&self->ledger_error, error);
  window = find_window (self);
  if (window != NULL)
    lks_window_set_ledger (window, ledger, error);
}

/**
 * lks_application_set_share:
 * @self: an application
 * @pusher: (nullable): what copies the ledger to a shared one; kept as long as the application
 * @error: (nullable): why there is none, although one is named
 *
 * Hands in what Preferences tell of the shared ledger.
 */
void
lks_application_set_share (LksApplication *self, LksSharePusher *pusher, const GError *error)
{
  g_return_if_fail (LKS_IS_APPLICATION (self));

  g_set_object (&self->share, pusher);
  take_error (&self->share_error, error);
}

/**
 * lks_application_set_keeper:
 * @self: an application without a keeper
 * @keeper: (nullable): what keeps the servicing session of this user
 * @error: (nullable): why there is none
 *
 * Hands the keeper of servicing sessions in, before or after there is a window.
 */
void
lks_application_set_keeper (LksApplication *self, LksSessionKeeper *keeper, const GError *error)
{
  LksWindow *window;

  g_return_if_fail (LKS_IS_APPLICATION (self));

  g_set_object (&self->keeper, keeper);
  take_error (&self->keeper_error, error);
  window = find_window (self);
  if (window != NULL)
    lks_window_set_keeper (window, keeper, error);
}

/**
 * lks_application_set_vault:
 * @self: an application without a vault
 * @vault: the capabilities of this user
 *
 * Hands the vault in, before or after there is a window. It need not be open.
 */
void
lks_application_set_vault (LksApplication *self, LksVault *vault)
{
  LksWindow *window;

  g_return_if_fail (LKS_IS_APPLICATION (self));

  g_set_object (&self->vault, vault);
  window = find_window (self);
  if (window != NULL)
    lks_window_set_vault (window, vault);
  show_opened (self);
}
