/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cert-page.h"

#include "lks-cert-dialog.h"
#include "lks-cert-text.h"
#include "lks-service-row.h"
#include "lks-value-item.h"

#include <glib/gi18n-lib.h>

struct _LksCertPage
{
  LksServicePage parent_instance;

  GtkListBox *certs_list; /* template child */
  GtkWidget *empty_label; /* template child */
  GtkLabel *space_label;  /* template child */
  GtkWidget *clock_note;  /* template child */

  GListStore *certs;   /* (owned) of LksValueItem with LksStoredCert */
  LksCertStore *store; /* (owned) (nullable): what is shown */
};

G_DEFINE_FINAL_TYPE (LksCertPage, lks_cert_page, LKS_TYPE_SERVICE_PAGE)

/* ---- what is shown ---- */

typedef struct
{
  LksCertStore *store; /* (owned) (nullable) */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_clear_pointer (&reading->store, lks_cert_store_free);
  g_free (reading);
}

static gboolean
read_job (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  Reading *reading = data;

  reading->store =
      lks_cert_store_read (device, g_get_real_time () / G_USEC_PER_SEC, cancellable, error);
  return reading->store != NULL;
}

static void
nothing_to_free (gpointer unused)
{
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  LksCertPage *self = user_data;
  const LksStoredCert *cert = lks_value_item_get_value (item);
  LksSign sign = lks_sign_for_stored_cert (cert);
  g_autofree char *text = lks_stored_cert_to_text (self->store, cert);
  g_autofree char *spoken = g_strdup_printf (_ ("Remove %s"), cert->info->id);
  GtkWidget *row = lks_service_row_new (cert->info->id, text, &sign);

  lks_service_row_add_button (row, _ ("Remove…"), spoken, "cert.remove",
                              g_variant_new_string (cert->info->id));
  return row;
}

static void
show (LksCertPage *self)
{
  const LksCertStore *store = self->store;
  g_autofree char *space =
      g_strdup_printf (ngettext ("%u byte left in the store", "%u bytes left in the store",
                                 (gulong) store->space_bytes),
                       (guint) store->space_bytes);

  for (guint i = 0; i < store->certs->len; i++)
    lks_value_item_append (self->certs, g_ptr_array_index (store->certs, i), nothing_to_free);
  gtk_widget_set_visible (GTK_WIDGET (self->certs_list), store->certs->len > 0);
  gtk_widget_set_visible (self->empty_label, store->certs->len == 0);
  gtk_label_set_label (self->space_label, space);
  gtk_widget_set_visible (self->clock_note,
                          store->certs->len > 0 && store->knows_clock && !store->is_clock_set);
}

static void
lks_cert_page_clear (LksServicePage *page)
{
  LksCertPage *self = LKS_CERT_PAGE (page);

  /* The rows go before what they show. */
  g_list_store_remove_all (self->certs);
  g_clear_pointer (&self->store, lks_cert_store_free);
}

static void
read_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  LksCertPage *self = LKS_CERT_PAGE (page);
  Reading *reading = job_data;

  if (!is_ok)
    return;

  lks_cert_page_clear (page);
  self->store = g_steal_pointer (&reading->store);
  show (self);
}

static void
lks_cert_page_refresh (LksServicePage *page)
{
  lks_service_page_read (page, read_job, g_new0 (Reading, 1), reading_free, read_cb);
}

/* ---- add ---- */

static gboolean
add_job (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  const LksCertChoice *choice = data;
  LksCertPlan plan = lks_cert_choice_get_plan (choice);

  return lks_cert_store_add (device, &plan, choice->replace, cancellable, error);
}

static void
added_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  const LksCertChoice *choice = job_data;
  g_autofree char *text = g_strdup_printf (_ ("“%s” is stored"), choice->id);

  if (is_ok)
    lks_service_page_toast (page, text);
}

static void
apply_cb (LksCertPage *self, LksCertDialog *dialog)
{
  if (lks_service_page_get_board (LKS_SERVICE_PAGE (self)) != NULL)
    lks_service_page_change (LKS_SERVICE_PAGE (self), _ ("Storing the certificate…"), add_job,
                             lks_cert_dialog_take (dialog), lks_cert_choice_free, added_cb);
}

static void
add_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  LksCertDialog *dialog = lks_cert_dialog_new (GTK_WINDOW (root));

  g_signal_connect_object (dialog, "apply", G_CALLBACK (apply_cb), widget, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- remove ---- */

/* A question about one certificate; the answer may come when another board is selected. */
typedef struct
{
  LksCertPage *page; /* (owned) */
  LksBoard *board;   /* (owned) */
  char *id;          /* (owned) */
} Question;

static void
question_free (gpointer data, GClosure *unused)
{
  Question *question = data;

  g_object_unref (question->page);
  g_object_unref (question->board);
  g_free (question->id);
  g_free (question);
}

static gboolean
remove_job (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_cert_store_remove (device, data, TRUE, cancellable, error);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;
  LksServicePage *page = LKS_SERVICE_PAGE (question->page);

  if (g_str_equal (response, "remove") && lks_service_page_get_board (page) == question->board)
    lks_service_page_change (page, _ ("Removing the certificate…"), remove_job,
                             g_strdup (question->id), g_free, NULL);
}

/* The person decides with open eyes: who uses it is said before. */
static char *
dup_warning (LksCertPage *self, const char *id)
{
  const LksStoredCert *cert = lks_cert_store_find (self->store, id);
  g_autofree char *names = cert != NULL ? g_strjoinv (", ", cert->used_by) : g_strdup ("");

  if (names[0] != '\0')
    return g_strdup_printf (_ ("The stored network %s uses it and cannot connect without it."),
                            names);
  if (!self->store->knows_users)
    return g_strdup (_ ("The radio is off, so the board does not tell whether a stored network "
                        "uses it."));

  return g_strdup (_ ("No stored network uses it."));
}

static void
remove_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCertPage *self = LKS_CERT_PAGE (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  g_autofree char *heading = g_strdup_printf (_ ("Remove “%s”?"), id);
  g_autofree char *warning = NULL;
  Question *question;
  GtkWidget *dialog;

  if (self->store == NULL)
    return;

  warning = dup_warning (self, id);
  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), heading, warning);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), "remove",
                                    _ ("Remove Certificate"), NULL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  question = g_new0 (Question, 1);
  question->page = g_object_ref (self);
  question->board = g_object_ref (lks_service_page_get_board (LKS_SERVICE_PAGE (self)));
  question->id = g_strdup (id);
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
lks_cert_page_dispose (GObject *object)
{
  LksCertPage *self = LKS_CERT_PAGE (object);

  if (self->certs != NULL)
    lks_cert_page_clear (LKS_SERVICE_PAGE (self));
  g_clear_object (&self->certs);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CERT_PAGE);
  G_OBJECT_CLASS (lks_cert_page_parent_class)->dispose (object);
}

static void
lks_cert_page_class_init (LksCertPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cert_page_dispose;
  LKS_SERVICE_PAGE_CLASS (klass)->refresh = lks_cert_page_refresh;
  LKS_SERVICE_PAGE_CLASS (klass)->clear = lks_cert_page_clear;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cert-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCertPage, certs_list);
  gtk_widget_class_bind_template_child (widget_class, LksCertPage, empty_label);
  gtk_widget_class_bind_template_child (widget_class, LksCertPage, space_label);
  gtk_widget_class_bind_template_child (widget_class, LksCertPage, clock_note);
  gtk_widget_class_install_action (widget_class, "cert.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "cert.remove", "s", remove_action);
}

static void
lks_cert_page_init (LksCertPage *self)
{
  self->certs = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->certs_list, G_LIST_MODEL (self->certs), create_row, self, NULL);
}
