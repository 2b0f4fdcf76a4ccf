/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-application.h"

#include "lks-error-text.h"
#include "lks-window.h"

#include <glib/gi18n-lib.h>

#define RESOURCE_PATH "/io/github/locksmith/Locksmith"
#define SCHEMA_ID "io.github.locksmith.Locksmith"

struct _LksApplication
{
  AdwApplication parent_instance;

  GSettings *settings; /* (owned) */
  GListModel *boards;  /* (owned) (nullable) of LksBoard */
  char *problem;       /* (owned) (nullable) why there are none */
};

G_DEFINE_FINAL_TYPE (LksApplication, lks_application, ADW_TYPE_APPLICATION)

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  LksApplication *self = user_data;
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  /* Every window is asked, so that one in the middle of a run can say no. */
  for (GList *next; windows != NULL; windows = next)
    {
      next = windows->next;
      gtk_window_close (windows->data);
    }
}

static const GActionEntry actions[] = {
  { "quit", quit_cb },
};

static void
set_accels (LksApplication *self, const char *action, const char *accel)
{
  const char *accels[] = { accel, NULL };

  gtk_application_set_accels_for_action (GTK_APPLICATION (self), action, accels);
}

static void
lks_application_startup (GApplication *application)
{
  LksApplication *self = LKS_APPLICATION (application);

  G_APPLICATION_CLASS (lks_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_accels (self, "app.quit", "<Control>q");
  set_accels (self, "window.close", "<Control>w");
}

static LksWindow *
open_window (LksApplication *self)
{
  LksWindow *window = lks_window_new (GTK_APPLICATION (self), self->settings);

  lks_window_set_boards (window, self->boards);
  lks_window_set_problem (window, self->problem);
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

static void
lks_application_dispose (GObject *object)
{
  LksApplication *self = LKS_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->boards);
  g_clear_pointer (&self->problem, g_free);
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
}

static void
lks_application_init (LksApplication *self)
{
  self->settings = g_settings_new (SCHEMA_ID);
}

/**
 * lks_application_new:
 * @application_id: (nullable): the name on the session bus; NULL for none
 *
 * Creates the program. The settings schema must be installed.
 *
 * Returns: (transfer full): a new application
 */
LksApplication *
lks_application_new (const char *application_id)
{
  return g_object_new (LKS_TYPE_APPLICATION, "application-id", application_id, "resource-base-path",
                       RESOURCE_PATH, NULL);
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

/**
 * lks_application_set_boards:
 * @self: an application that has no window yet
 * @boards: a list model of [class@Lks.Board]
 *
 * Hands the attached boards in.
 */
void
lks_application_set_boards (LksApplication *self, GListModel *boards)
{
  g_return_if_fail (LKS_IS_APPLICATION (self));

  g_set_object (&self->boards, boards);
}

/**
 * lks_application_set_problem:
 * @self: an application that has no window yet
 * @error: why no board can be found at all
 *
 * Says in the place of the boards why there are none.
 */
void
lks_application_set_problem (LksApplication *self, const GError *error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *advice = NULL;

  g_return_if_fail (LKS_IS_APPLICATION (self));

  sentence = lks_error_to_sentence (error);
  advice = lks_error_to_advice (error);
  g_free (self->problem);
  self->problem = g_strdup_printf ("%s\n%s", sentence, advice);
}
