/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-network-dialog.h"

#include "lks-labels.h"
#include "lks-service-row.h"
#include "lks-widget.h"
#include "lks-worker.h"

#include <glib/gi18n-lib.h>

struct _LksNetworkDialog
{
  LksCloudDialog parent_instance;

  GtkLabel *summary;                /* template child */
  GtkSpinner *spinner;              /* template child */
  AdwPreferencesGroup *own_group;   /* template child */
  GtkListBox *own_list;             /* template child */
  AdwPreferencesGroup *board_group; /* template child */
  GtkListBox *board_list;           /* template child */

  LksWorker *worker;    /* (owned) */
  LksCloudTrust *trust; /* (owned) (nullable) */
  char *sign_in;        /* (owned) (nullable) */
  char *resources;      /* (owned) (nullable) */
  char *legacy;         /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksNetworkDialog, lks_network_dialog, LKS_TYPE_CLOUD_DIALOG)

/* ---- what came of it ---- */

static LksSign
get_sign (LksNetworkVerdict verdict)
{
  switch (verdict)
    {
    case LKS_NETWORK_REACHED:
      return (LksSign){ "lks-pass-symbolic", _ ("Reached"), "", LKS_TONE_GOOD };
    case LKS_NETWORK_NO_NAME:
      return (LksSign){ "lks-fail-symbolic", _ ("No address"), "", LKS_TONE_BAD };
    case LKS_NETWORK_REFUSED:
      return (LksSign){ "lks-fail-symbolic", _ ("Refused"), "", LKS_TONE_BAD };
    case LKS_NETWORK_SILENT:
      return (LksSign){ "lks-fail-symbolic", _ ("Silent"), "", LKS_TONE_BAD };
    case LKS_NETWORK_UNTRUSTED:
      return (LksSign){ "lks-fail-symbolic", _ ("Not genuine"), "", LKS_TONE_BAD };
    case LKS_NETWORK_PROXY:
      return (LksSign){ "lks-fail-symbolic", _ ("Proxy"), "", LKS_TONE_BAD };
    case LKS_NETWORK_ODD:
      return (LksSign){ "lks-fail-symbolic", _ ("Odd answer"), "", LKS_TONE_BAD };
    case LKS_NETWORK_WRONG_CLOCK:
      return (LksSign){ "lks-warning-symbolic", _ ("Wrong clock"), "", LKS_TONE_WARNING };
    }
  return (LksSign){ "", "", "", LKS_TONE_PLAIN };
}

static char *
describe (const LksNetworkResult *result)
{
  const char *purpose = _ (result->purpose);

  if (result->verdict == LKS_NETWORK_REACHED)
    /* Translators: what a place is needed for, and after how many milliseconds it answered */
    return g_strdup_printf (_ ("%s, after %u ms"), purpose, result->elapsed_ms);
  if (result->detail == NULL)
    /* Translators: what a place is needed for, what is wrong, what to do */
    return g_strdup_printf (_ ("%s. %s %s"), purpose,
                            _ (lks_network_get_sentence (result->verdict)),
                            _ (lks_network_get_advice (result->verdict)));
  /* Translators: what a place is needed for, what is wrong, what to do, and details in English */
  return g_strdup_printf (_ ("%s. %s %s\n%s"), purpose,
                          _ (lks_network_get_sentence (result->verdict)),
                          _ (lks_network_get_advice (result->verdict)), result->detail);
}

static void
add_row (LksNetworkDialog *self, const LksNetworkResult *result)
{
  g_autofree char *title = g_strdup_printf ("%s:%u", result->host, result->port);
  g_autofree char *text = describe (result);
  LksSign sign = get_sign (result->verdict);

  gtk_list_box_append (result->is_for_boards ? self->board_list : self->own_list,
                       lks_service_row_new (title, text, &sign));
}

static void
show_results (LksNetworkDialog *self, GPtrArray *plan)
{
  guint n_missing = 0;

  for (guint i = 0; i < plan->len; i++)
    {
      const LksNetworkResult *result = g_ptr_array_index (plan, i);

      add_row (self, result);
      if (!result->is_for_boards && result->verdict != LKS_NETWORK_REACHED)
        n_missing++;
    }
  if (n_missing == 0)
    gtk_label_set_label (self->summary, _ ("This computer can work with the cloud."));
  else
    {
      g_autofree char *text =
          g_strdup_printf (ngettext ("%u place that this computer needs cannot be used.",
                                     "%u places that this computer needs cannot be used.",
                                     n_missing),
                           n_missing);

      gtk_label_set_label (self->summary, text);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->own_group), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->board_group), TRUE);
}

/* ---- the test ---- */

static void
test_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *plan = data;
  GError *error = NULL;

  /* The dialog lives as long as the task, and its trust never changes. */
  if (lks_network_test (plan, LKS_NETWORK_DIALOG (source)->trust, NULL, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  LksNetworkDialog *self = LKS_NETWORK_DIALOG (source);

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return; /* it was closed */
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "network.test", TRUE);
  show_results (self, g_task_get_task_data (G_TASK (result)));
}

static void
begin (LksNetworkDialog *self)
{
  g_autoptr (GTask) task = NULL;

  lks_widget_clear_list (self->own_list);
  lks_widget_clear_list (self->board_list);
  gtk_widget_set_visible (GTK_WIDGET (self->own_group), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->board_group), FALSE);
  gtk_label_set_label (self->summary, _ ("Testing. It takes some seconds."));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), TRUE);
  gtk_spinner_start (self->spinner);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "network.test", FALSE);

  task = g_task_new (self, lks_cloud_dialog_get_cancellable (LKS_CLOUD_DIALOG (self)), tested_cb,
                     NULL);
  g_task_set_task_data (task, lks_network_plan (self->sign_in, self->resources, self->legacy, TRUE),
                        (GDestroyNotify) g_ptr_array_unref);
  lks_worker_push (self->worker, task, test_in_thread);
}

static void
test_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  begin (LKS_NETWORK_DIALOG (widget));
}

/* ---- the window ---- */

/* A test that goes on holds the dialog: the worker is idle now. */
static void
lks_network_dialog_finalize (GObject *object)
{
  LksNetworkDialog *self = LKS_NETWORK_DIALOG (object);

  g_clear_object (&self->worker);
  g_clear_pointer (&self->trust, lks_cloud_trust_unref);
  g_free (self->sign_in);
  g_free (self->resources);
  g_free (self->legacy);
  G_OBJECT_CLASS (lks_network_dialog_parent_class)->finalize (object);
}

static void
lks_network_dialog_class_init (LksNetworkDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_network_dialog_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-network-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksNetworkDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, LksNetworkDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, LksNetworkDialog, own_group);
  gtk_widget_class_bind_template_child (widget_class, LksNetworkDialog, own_list);
  gtk_widget_class_bind_template_child (widget_class, LksNetworkDialog, board_group);
  gtk_widget_class_bind_template_child (widget_class, LksNetworkDialog, board_list);
  gtk_widget_class_install_action (widget_class, "network.test", NULL, test_action);
}

static void
lks_network_dialog_init (LksNetworkDialog *self)
{
  self->worker = lks_worker_new ("network");
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_network_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @trust: whose certificates count beside the system's
 * @sign_in: (nullable): address of the sign-in service; NULL or empty for the public one
 * @resources: (nullable): address of the resource API; NULL or empty for the public one
 * @legacy: (nullable): address of the Legacy service; NULL when nobody has an account there
 *
 * Creates the dialog, which begins to test.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksNetworkDialog *
lks_network_dialog_new (GtkWindow *parent,
                        LksCloudTrust *trust,
                        const char *sign_in,
                        const char *resources,
                        const char *legacy)
{
  LksNetworkDialog *self = g_object_new (LKS_TYPE_NETWORK_DIALOG, "transient-for", parent, NULL);

  self->trust = lks_cloud_trust_ref (trust);
  self->sign_in = sign_in != NULL && sign_in[0] != '\0' ? g_strdup (sign_in) : NULL;
  self->resources = resources != NULL && resources[0] != '\0' ? g_strdup (resources) : NULL;
  self->legacy = g_strdup (legacy);
  begin (self);
  return self;
}
