/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-sign-in.h"

#include "lks-cloud-text.h"
#include "lks-error-text.h"

#include <glib/gi18n-lib.h>

struct _LksCloudSignIn
{
  AdwBin parent_instance;

  GtkStack *stack;              /* template child */
  AdwEntryRow *application_row; /* template child */
  AdwEntryRow *tenant_row;      /* template child */
  AdwEntryRow *sign_in_row;     /* template child */
  AdwEntryRow *resource_row;    /* template child */
  AdwActionRow *legacy_row;     /* template child */
  GtkSwitch *legacy_switch;     /* template child */
  AdwEntryRow *permission_row;  /* template child */
  GtkLabel *problem_label;      /* template child */
  GtkWidget *back_button;       /* template child */
  GtkLabel *code_title;         /* template child */
  GtkLabel *code_label;         /* template child */
  GtkLabel *code_text;          /* template child */
  GtkWidget *copy_button;       /* template child */
  GtkButton *open_button;       /* template child */

  LksCloudDesk *desk;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): while a sign-in goes on */
  char *address;             /* (owned) (nullable): for a browser */
};

G_DEFINE_FINAL_TYPE (LksCloudSignIn, lks_cloud_sign_in, ADW_TYPE_BIN)

enum
{
  SIGNAL_DONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
show_problem (LksCloudSignIn *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  gtk_label_set_label (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), error != NULL);
}

static void
update_back_button (LksCloudSignIn *self)
{
  gtk_widget_set_visible (self->back_button, lks_cloud_desk_get_account (self->desk) != NULL);
}

/* ---- while it goes on ---- */

static void
show_address (LksCloudSignIn *self, const char *address)
{
  g_free (self->address);
  self->address = g_str_has_prefix (address, "https://") ? g_strdup (address) : NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->open_button), self->address != NULL);
}

static void
code_cb (LksCloudSignIn *self, const char *code, const char *address, guint minutes)
{
  g_autofree char *text =
      g_strdup_printf (ngettext ("Open %s in a browser, on this computer or any other, and enter "
                                 "the code. There is %u minute for that.",
                                 "Open %s in a browser, on this computer or any other, and enter "
                                 "the code. There are %u minutes for that.",
                                 minutes),
                       address, minutes);

  gtk_label_set_label (self->code_title, _ ("Enter This Code"));
  gtk_label_set_label (self->code_label, code);
  gtk_label_set_label (self->code_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), TRUE);
  gtk_widget_set_visible (self->copy_button, TRUE);
  show_address (self, address);
}

static void
open_address (LksCloudSignIn *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->address != NULL)
    gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, self->address, GDK_CURRENT_TIME);
}

static void
browse_cb (LksCloudSignIn *self, const char *address)
{
  gtk_label_set_label (self->code_title, _ ("Sign In in Your Browser"));
  gtk_label_set_label (self->code_text,
                       _ ("A page of the sign-in service opens on this computer. Come back here "
                          "when it says that you may close it."));
  show_address (self, address);
  open_address (self);
}

static void
show_waiting (LksCloudSignIn *self)
{
  gtk_label_set_label (self->code_title, _ ("Asking the Sign-In Service"));
  gtk_label_set_label (self->code_text, "");
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), FALSE);
  gtk_widget_set_visible (self->copy_button, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->open_button), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "waiting");
}

static void
copy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudSignIn *self = LKS_CLOUD_SIGN_IN (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          gtk_label_get_label (self->code_label));
  gtk_widget_activate_action (widget, "win.show-toast", "s", _ ("Code copied"));
}

static void
open_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  open_address (LKS_CLOUD_SIGN_IN (widget));
}

static void
cancel_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_cloud_sign_in_stop (LKS_CLOUD_SIGN_IN (widget));
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_DONE], 0);
}

/* ---- beginning it ---- */

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudSignIn) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = lks_cloud_desk_sign_in_finish (LKS_CLOUD_DESK (source), result, &error);

  if (self->desk == NULL)
    return;
  g_clear_object (&self->cancellable);
  update_back_button (self);
  gtk_stack_set_visible_child_name (self->stack, "form");
  show_problem (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : error);
  if (is_done)
    g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static const char *
get_text (AdwEntryRow *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  return text[0] != '\0' ? text : NULL;
}

static LksCloudPlace *
read_place (LksCloudSignIn *self, GError **error)
{
  const char *sign_in = get_text (self->sign_in_row);
  const char *resources = get_text (self->resource_row);
  const char *tenant = get_text (self->tenant_row);
  const char *application = get_text (self->application_row);

  return lks_cloud_place_new_for (gtk_switch_get_active (self->legacy_switch)
                                      ? LKS_CLOUD_SERVICE_LEGACY
                                      : LKS_CLOUD_SERVICE_INTEGRATED,
                                  sign_in, resources, tenant, application,
                                  get_text (self->permission_row), error);
}

static void
begin (LksCloudSignIn *self, gboolean in_browser)
{
  g_autoptr (LksCloudPlace) place = NULL;
  g_autoptr (GError) error = NULL;

  if (self->desk == NULL || self->cancellable != NULL)
    return;

  place = read_place (self, &error);
  show_problem (self, error);
  if (place == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  show_waiting (self);
  lks_cloud_desk_sign_in_async (self->desk, place, in_browser, self->cancellable, signed_in_cb,
                                g_object_ref (self));
}

static void
code_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  begin (LKS_CLOUD_SIGN_IN (widget), FALSE);
}

static void
browser_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  begin (LKS_CLOUD_SIGN_IN (widget), TRUE);
}

/* ---- the widget ---- */

static void
lks_cloud_sign_in_dispose (GObject *object)
{
  LksCloudSignIn *self = LKS_CLOUD_SIGN_IN (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_SIGN_IN);
  G_OBJECT_CLASS (lks_cloud_sign_in_parent_class)->dispose (object);
}

static void
lks_cloud_sign_in_finalize (GObject *object)
{
  g_free (LKS_CLOUD_SIGN_IN (object)->address);
  G_OBJECT_CLASS (lks_cloud_sign_in_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-sign-in.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, stack);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, application_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, tenant_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, sign_in_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, resource_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, legacy_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, legacy_switch);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, permission_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, back_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, code_title);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, code_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, code_text);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, copy_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSignIn, open_button);
}

static void
lks_cloud_sign_in_class_init (LksCloudSignInClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_cloud_sign_in_dispose;
  object_class->finalize = lks_cloud_sign_in_finalize;
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "sign-in.code", NULL, code_action);
  gtk_widget_class_install_action (widget_class, "sign-in.browser", NULL, browser_action);
  gtk_widget_class_install_action (widget_class, "sign-in.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "sign-in.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "sign-in.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "sign-in.back", NULL, back_action);

  signals[SIGNAL_DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lks_cloud_sign_in_init (LksCloudSignIn *self)
{
  g_autofree char *note = lks_cloud_legacy_to_note (g_get_real_time () / G_USEC_PER_SEC);

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_action_row_set_subtitle (self->legacy_row, note);
}

/**
 * lks_cloud_sign_in_set_up:
 * @self: a new page
 * @desk: where to sign in
 * @settings: what was typed in last is kept there; nothing of it is secret
 */
void
lks_cloud_sign_in_set_up (LksCloudSignIn *self, LksCloudDesk *desk, GSettings *settings)
{
  g_return_if_fail (LKS_IS_CLOUD_SIGN_IN (self));
  g_return_if_fail (self->desk == NULL);

  self->desk = g_object_ref (desk);
  g_settings_bind (settings, "cloud-application", self->application_row, "text",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "cloud-tenant", self->tenant_row, "text", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "cloud-sign-in-address", self->sign_in_row, "text",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "cloud-resource-address", self->resource_row, "text",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "cloud-legacy", self->legacy_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "cloud-legacy-permission", self->permission_row, "text",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_swapped (desk, "code", G_CALLBACK (code_cb), self);
  g_signal_connect_swapped (desk, "browse", G_CALLBACK (browse_cb), self);
  g_signal_connect_swapped (desk, "notify::account", G_CALLBACK (update_back_button), self);
  update_back_button (self);
}

/**
 * lks_cloud_sign_in_stop:
 * @self: a page
 *
 * Gives up a sign-in that goes on.
 */
void
lks_cloud_sign_in_stop (LksCloudSignIn *self)
{
  g_return_if_fail (LKS_IS_CLOUD_SIGN_IN (self));

  g_cancellable_cancel (self->cancellable);
}
