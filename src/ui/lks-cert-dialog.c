/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cert-dialog.h"

#include "lks-cert-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksCertDialog
{
  AdwWindow parent_instance;

  AdwEntryRow *id_row;       /* template child */
  AdwComboRow *type_row;     /* template child */
  AdwActionRow *cert_row;    /* template child */
  AdwActionRow *key_row;     /* template child */
  GtkEditable *password_row; /* template child */
  GtkSwitch *replace_switch; /* template child */
  GtkLabel *problem_label;   /* template child */
  GtkLabel *notice_label;    /* template child */

  LksPemCert *cert; /* (owned) (nullable) */
  LksSecret *key;   /* (owned) (nullable) */
  gboolean is_key_encrypted;
  char *cert_problem;            /* (owned) (nullable): why the file is no use */
  char *key_problem;             /* (owned) (nullable) */
  GtkFileChooserNative *chooser; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksCertDialog, lks_cert_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_APPLY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static LksCertType
get_cert_type (LksCertDialog *self)
{
  return adw_combo_row_get_selected (self->type_row) == 0 ? LKS_CERT_TYPE_CLIENT
                                                          : LKS_CERT_TYPE_ROOT_CA;
}

static LksSecret *
dup_password (LksCertDialog *self)
{
  const char *text = gtk_editable_get_text (self->password_row);

  return text[0] != '\0' ? lks_secret_new (text, strlen (text)) : NULL;
}

static LksCertPlan
build_plan (LksCertDialog *self, const LksSecret *password)
{
  gboolean is_client = get_cert_type (self) == LKS_CERT_TYPE_CLIENT;

  return (LksCertPlan){ gtk_editable_get_text (GTK_EDITABLE (self->id_row)), get_cert_type (self),
                        self->cert, is_client ? self->key : NULL,
                        is_client && self->is_key_encrypted ? password : NULL };
}

/* What is missing or wrong, as far as the person has come; NULL when it can be sent. */
static char *
find_problem (LksCertDialog *self)
{
  gboolean is_client = get_cert_type (self) == LKS_CERT_TYPE_CLIENT;
  g_autoptr (LksSecret) password = dup_password (self);
  g_autoptr (GError) error = NULL;
  LksCertPlan plan;

  if (self->cert_problem != NULL)
    return g_strdup (self->cert_problem);
  if (self->cert == NULL)
    return g_strdup (_ ("Choose the file with the certificate, PEM."));
  if (is_client && self->key_problem != NULL)
    return g_strdup (self->key_problem);
  if (is_client && self->key == NULL)
    return g_strdup (_ ("Choose the file with the private key, PEM."));
  if (is_client && self->is_key_encrypted && password == NULL)
    return g_strdup (_ ("The private key is encrypted: give its password."));
  if (gtk_editable_get_text (GTK_EDITABLE (self->id_row))[0] == '\0')
    return g_strdup (_ ("Give an identifier: 1 to 16 letters, digits, dots, hyphens and "
                        "underscores."));

  plan = build_plan (self, password);
  return lks_cert_plan_check (&plan, &error) ? NULL : g_strdup (error->message);
}

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), text[0] != '\0');
}

static void
changed_cb (LksCertDialog *self)
{
  gboolean is_client = get_cert_type (self) == LKS_CERT_TYPE_CLIENT;
  g_autofree char *problem = find_problem (self);
  LksCertPlan plan = build_plan (self, NULL);
  g_autofree char *notices =
      self->cert != NULL
          ? lks_cert_notices_to_text (
                lks_cert_plan_get_notices (&plan, g_get_real_time () / G_USEC_PER_SEC))
          : g_strdup ("");

  gtk_widget_set_visible (GTK_WIDGET (self->key_row), is_client);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), is_client && self->is_key_encrypted);
  show_text (self->problem_label, problem != NULL ? problem : "");
  show_text (self->notice_label, notices);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "certificate.store", problem == NULL);
}

static void
set_cert (LksCertDialog *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_clear_pointer (&self->cert, lks_pem_cert_free);
  g_clear_pointer (&self->cert_problem, g_free);
  self->cert = lks_pem_cert_load (path, &error);
  if (self->cert == NULL)
    self->cert_problem = g_strdup (error->message);
  else
    text = lks_pem_cert_to_text (self->cert);
  adw_action_row_set_subtitle (self->cert_row, text != NULL ? text : self->cert_problem);
}

static void
set_key (LksCertDialog *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSecret) file = lks_secret_load (path, LKS_PEM_FILE_MAX_BYTES, &error);

  g_clear_pointer (&self->key, lks_secret_unref);
  g_clear_pointer (&self->key_problem, g_free);
  self->is_key_encrypted = FALSE;
  if (file != NULL)
    self->key = lks_pem_key_parse (file, &self->is_key_encrypted, &error);
  if (self->key == NULL)
    self->key_problem = g_strdup (error->message);
  adw_action_row_set_subtitle (self->key_row, self->key_problem != NULL ? self->key_problem
                                              : self->is_key_encrypted
                                                  ? _ ("A private key, encrypted")
                                                  : _ ("A private key, not encrypted"));
}

/**
 * lks_cert_dialog_set_file:
 * @self: a dialog
 * @is_key: whether it is the private key
 * @file: the file
 *
 * Reads a file as if the person had chosen it.
 */
void
lks_cert_dialog_set_file (LksCertDialog *self, gboolean is_key, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path == NULL)
    return;
  if (is_key)
    set_key (self, path);
  else
    set_cert (self, path);
  changed_cb (self);
}

static void
chosen_cb (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  LksCertDialog *self = user_data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  gboolean is_key = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (chooser), "lks-is-key"));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    lks_cert_dialog_set_file (self, is_key, file);
  g_clear_object (&self->chooser);
}

static void
choose_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCertDialog *self = LKS_CERT_DIALOG (widget);
  gboolean is_key = g_str_equal (action_name, "certificate.choose-key");

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (is_key ? _ ("Choose the Private Key")
                                                      : _ ("Choose the Certificate"),
                                               GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                               _ ("_Choose"), _ ("_Cancel"));
  g_object_set_data (G_OBJECT (self->chooser), "lks-is-key", GINT_TO_POINTER (is_key));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
store_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCertDialog *self = LKS_CERT_DIALOG (widget);

  g_signal_emit (self, signals[SIGNAL_APPLY], 0);
  gtk_editable_set_text (self->password_row, "");
  gtk_window_close (GTK_WINDOW (self));
}

static void
lks_cert_dialog_dispose (GObject *object)
{
  LksCertDialog *self = LKS_CERT_DIALOG (object);

  g_clear_object (&self->chooser);
  g_clear_pointer (&self->cert, lks_pem_cert_free);
  g_clear_pointer (&self->key, lks_secret_unref);
  g_clear_pointer (&self->cert_problem, g_free);
  g_clear_pointer (&self->key_problem, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_CERT_DIALOG);
  G_OBJECT_CLASS (lks_cert_dialog_parent_class)->dispose (object);
}

static void
lks_cert_dialog_class_init (LksCertDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cert_dialog_dispose;

  /**
   * LksCertDialog::apply:
   * @self: the dialog
   *
   * The certificate is to be stored.
   */
  signals[SIGNAL_APPLY] = g_signal_new ("apply", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cert-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCertDialog, id_row);
  gtk_widget_class_bind_template_child (widget_class, LksCertDialog, type_row);
  gtk_widget_class_bind_template_child (widget_class, LksCertDialog, cert_row);
  gtk_widget_class_bind_template_child (widget_class, LksCertDialog, key_row);
  gtk_widget_class_bind_template_child (widget_class, LksCertDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, LksCertDialog, replace_switch);
  gtk_widget_class_bind_template_child (widget_class, LksCertDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LksCertDialog, notice_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "certificate.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "certificate.choose-key", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "certificate.store", NULL, store_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_cert_dialog_init (LksCertDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  changed_cb (self);
}

/**
 * lks_cert_dialog_new:
 * @parent: the window in front of which it is shown
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCertDialog *
lks_cert_dialog_new (GtkWindow *parent)
{
  return g_object_new (LKS_TYPE_CERT_DIALOG, "transient-for", parent, NULL);
}

/**
 * lks_cert_dialog_take:
 * @self: a dialog that has emitted "apply"
 *
 * Returns: (transfer full): what was chosen
 */
LksCertChoice *
lks_cert_dialog_take (LksCertDialog *self)
{
  LksCertChoice *choice = g_new0 (LksCertChoice, 1);
  gboolean is_client = get_cert_type (self) == LKS_CERT_TYPE_CLIENT;

  choice->id = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->id_row)));
  choice->type = get_cert_type (self);
  choice->cert = g_steal_pointer (&self->cert);
  choice->key = is_client ? g_steal_pointer (&self->key) : NULL;
  choice->password = is_client && self->is_key_encrypted ? dup_password (self) : NULL;
  choice->replace = gtk_switch_get_active (self->replace_switch);
  return choice;
}

/**
 * lks_cert_choice_free:
 * @self: (transfer full): a choice
 */
void
lks_cert_choice_free (gpointer self)
{
  LksCertChoice *choice = self;

  g_free (choice->id);
  g_clear_pointer (&choice->cert, lks_pem_cert_free);
  g_clear_pointer (&choice->key, lks_secret_unref);
  g_clear_pointer (&choice->password, lks_secret_unref);
  g_free (choice);
}

/**
 * lks_cert_choice_get_plan:
 * @self: a choice
 *
 * Returns: it, as the servicing room takes it; borrowed
 */
LksCertPlan
lks_cert_choice_get_plan (const LksCertChoice *self)
{
  return (LksCertPlan){ self->id, self->type, self->cert, self->key, self->password };
}
