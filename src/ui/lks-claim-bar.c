/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-claim-bar.h"

#include "lks-claim-book.h"
#include "lks-cloud-text.h"

#include <glib/gi18n-lib.h>

struct _LksClaimBar
{
  AdwBin parent_instance;

  GtkLabel *title;     /* template child */
  GtkLabel *subtitle;  /* template child */
  GtkButton *button;   /* template child */
  GtkLabel *legacy;    /* template child */
  GtkSpinner *spinner; /* template child */

  LksClaimBook *book; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksClaimBar, lks_claim_bar, ADW_TYPE_BIN)

/* Recipes name catalogs, which a Legacy account does not see. */
static void
show_end (LksClaimBar *self)
{
  LksCloudAccount *account = lks_claim_book_get_account (self->book);
  gboolean is_legacy = account != NULL && lks_cloud_account_is_legacy (account);
  g_autofree char *note =
      is_legacy ? lks_cloud_legacy_to_note (g_get_real_time () / G_USEC_PER_SEC) : NULL;

  gtk_label_set_label (self->legacy, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->legacy), is_legacy);
}

static void
update (LksClaimBar *self)
{
  guint n_waiting = lks_claim_book_get_n_waiting (self->book);
  gboolean busy = lks_claim_book_get_busy (self->book);
  const char *problem = lks_claim_book_get_problem (self->book);
  g_autofree char *title = g_strdup_printf (ngettext ("%u Board Waits for Its Claim",
                                                      "%u Boards Wait for Their Claim", n_waiting),
                                            n_waiting);

  show_end (self);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (
      self->subtitle, problem != NULL
                          ? problem
                          : _ ("Locked already, and noted for the catalog that the recipe names."));
  gtk_button_set_label (self->button, busy ? _ ("Claiming…") : _ ("Claim Now"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), !busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_widget_set_visible (GTK_WIDGET (self), n_waiting > 0);
}

static void
claim_cb (LksClaimBar *self)
{
  lks_claim_book_work (self->book);
}

static void
lks_claim_bar_dispose (GObject *object)
{
  LksClaimBar *self = LKS_CLAIM_BAR (object);

  if (self->book != NULL)
    g_signal_handlers_disconnect_by_data (self->book, self);
  g_clear_object (&self->book);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLAIM_BAR);
  G_OBJECT_CLASS (lks_claim_bar_parent_class)->dispose (object);
}

static void
lks_claim_bar_class_init (LksClaimBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_claim_bar_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-claim-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LksClaimBar, title);
  gtk_widget_class_bind_template_child (widget_class, LksClaimBar, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LksClaimBar, button);
  gtk_widget_class_bind_template_child (widget_class, LksClaimBar, legacy);
  gtk_widget_class_bind_template_child (widget_class, LksClaimBar, spinner);
  gtk_widget_class_bind_template_callback (widget_class, claim_cb);
}

static void
lks_claim_bar_init (LksClaimBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->book = lks_claim_book_ref_default ();
  g_signal_connect_swapped (self->book, "notify", G_CALLBACK (update), self);
  update (self);
}
