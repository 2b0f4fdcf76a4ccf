/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-proxy-dialog.h"

#include "lks-number.h"
#include "lks-proxy-change.h"

#include <glib/gi18n-lib.h>

#define PORT_MAX 65535

struct _LksProxyDialog
{
  AdwWindow parent_instance;

  GtkEditable *address_row;  /* template child */
  GtkEditable *port_row;     /* template child */
  GtkEditable *direct_row;   /* template child */
  GtkEditable *username_row; /* template child */
  GtkEditable *password_row; /* template child */
  GtkSwitch *enabled_switch; /* template child */
  GtkLabel *problem_label;   /* template child */
};

G_DEFINE_FINAL_TYPE (LksProxyDialog, lks_proxy_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_APPLY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Empty is the same as not given. */
static const char *
get_text (GtkEditable *row)
{
  const char *text = gtk_editable_get_text (row);

  return text[0] != '\0' ? text : NULL;
}

/* Zero for what is no port. */
static guint
get_port (LksProxyDialog *self)
{
  guint64 port = 0;

  return lks_number_read_unsigned (gtk_editable_get_text (self->port_row), 1, PORT_MAX, &port)
             ? (guint) port
             : 0;
}

/* NULL for an empty row. */
static char **
dup_direct (LksProxyDialog *self)
{
  g_auto (GStrv) parts = g_strsplit_set (gtk_editable_get_text (self->direct_row), ", ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean is_empty = TRUE;

  for (gsize i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      {
        g_strv_builder_add (builder, parts[i]);
        is_empty = FALSE;
      }
  return is_empty ? NULL : g_strv_builder_end (builder);
}

static LksProxyRequest
build_request (LksProxyDialog *self, char **direct)
{
  return (LksProxyRequest){
    .is_enabled = gtk_switch_get_active (self->enabled_switch),
    .address = get_text (self->address_row),
    .port = get_port (self),
    .no_proxy_addresses = (const char *const *) direct,
    .username = get_text (self->username_row),
    .password = get_text (self->password_row),
  };
}

/* What is still missing, in the words of a person who has not finished. */
static char *
find_problem (const LksProxyRequest *request)
{
  g_autoptr (GError) error = NULL;

  if (request->address == NULL)
    return g_strdup (_ ("Give the proxy’s name or number, without http:// and path."));
  if (request->port == 0)
    return g_strdup (_ ("Give its port, 1 to 65535."));
  if (request->username == NULL && request->password != NULL)
    return g_strdup (_ ("Give the user name that belongs to the password."));
  if (request->username != NULL && request->password == NULL)
    return g_strdup (_ ("Give the user’s password."));

  return lks_proxy_check_request (request, &error) ? NULL : g_strdup (error->message);
}

static void
changed_cb (LksProxyDialog *self)
{
  g_auto (GStrv) direct = dup_direct (self);
  LksProxyRequest request = build_request (self, direct);
  g_autofree char *problem = find_problem (&request);

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "proxy.apply", problem == NULL);
}

static void
apply_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksProxyDialog *self = LKS_PROXY_DIALOG (widget);
  g_auto (GStrv) direct = dup_direct (self);
  LksProxyRequest request = build_request (self, direct);

  g_signal_emit (self, signals[SIGNAL_APPLY], 0, &request);
  gtk_editable_set_text (self->password_row, "");
  gtk_window_close (GTK_WINDOW (self));
}

static void
lks_proxy_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_PROXY_DIALOG);
  G_OBJECT_CLASS (lks_proxy_dialog_parent_class)->dispose (object);
}

static void
lks_proxy_dialog_class_init (LksProxyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_proxy_dialog_dispose;

  /**
   * LksProxyDialog::apply:
   * @self: the dialog
   * @request: a #LksProxyRequest; borrowed
   *
   * The proxy is to be used.
   */
  signals[SIGNAL_APPLY] = g_signal_new ("apply", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-proxy-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksProxyDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, LksProxyDialog, port_row);
  gtk_widget_class_bind_template_child (widget_class, LksProxyDialog, direct_row);
  gtk_widget_class_bind_template_child (widget_class, LksProxyDialog, username_row);
  gtk_widget_class_bind_template_child (widget_class, LksProxyDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, LksProxyDialog, enabled_switch);
  gtk_widget_class_bind_template_child (widget_class, LksProxyDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "proxy.apply", NULL, apply_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_proxy_dialog_init (LksProxyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
fill_in (LksProxyDialog *self, const LksProxy *proxy)
{
  g_autofree char *port = g_strdup_printf ("%u", proxy->port);
  g_autofree char *direct = proxy->no_proxy_addresses != NULL
                                ? g_strjoinv (", ", proxy->no_proxy_addresses)
                                : g_strdup ("");

  gtk_editable_set_text (self->address_row, proxy->address != NULL ? proxy->address : "");
  gtk_editable_set_text (self->port_row, port);
  gtk_editable_set_text (self->direct_row, direct);
  gtk_editable_set_text (self->username_row, proxy->username != NULL ? proxy->username : "");
  gtk_switch_set_active (self->enabled_switch, proxy->is_enabled);
}

/**
 * lks_proxy_dialog_new:
 * @parent: the window in front of which it is shown
 * @proxy: what the board has now
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksProxyDialog *
lks_proxy_dialog_new (GtkWindow *parent, const LksProxy *proxy)
{
  LksProxyDialog *self = g_object_new (LKS_TYPE_PROXY_DIALOG, "transient-for", parent, NULL);

  if (proxy->is_configured)
    fill_in (self, proxy);
  changed_cb (self);
  return self;
}
