/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sign-in-page.h"

#include "lks-clock.h"
#include "lks-finalizer.h"
#include "lks-sign-in-form.h"

#include <glib/gi18n-lib.h>

struct _LksSignInPage
{
  AdwBin parent_instance;

  LksSignInForm *form; /* template child */
  GtkLabel *runs;      /* template child */
  GtkLabel *problem;   /* template child */

  LksClock *clock; /* (owned) (nullable): while the page is shown */
};

G_DEFINE_FINAL_TYPE (LksSignInPage, lks_sign_in_page, ADW_TYPE_BIN)

static void
show_runs (LksSignInPage *self)
{
  const guint n_runs = lks_finalizer_count_busy ();
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->runs), n_runs > 0);
  if (n_runs == 0)
    return;

  text = g_strdup_printf (ngettext ("%u board is being worked on; its run goes on to the end.",
                                    "%u boards are being worked on; their runs go on to the end.",
                                    n_runs),
                          n_runs);
  gtk_label_set_label (self->runs, text);
}

static void
lks_sign_in_page_map (GtkWidget *widget)
{
  LksSignInPage *self = LKS_SIGN_IN_PAGE (widget);

  GTK_WIDGET_CLASS (lks_sign_in_page_parent_class)->map (widget);
  self->clock = lks_clock_ref_default ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (show_runs), self,
                           G_CONNECT_SWAPPED);
  show_runs (self);
}

static void
drop_clock (LksSignInPage *self)
{
  if (self->clock != NULL)
    g_signal_handlers_disconnect_by_func (self->clock, show_runs, self);
  g_clear_object (&self->clock);
}

static void
lks_sign_in_page_unmap (GtkWidget *widget)
{
  drop_clock (LKS_SIGN_IN_PAGE (widget));
  GTK_WIDGET_CLASS (lks_sign_in_page_parent_class)->unmap (widget);
}

static void
lks_sign_in_page_dispose (GObject *object)
{
  drop_clock (LKS_SIGN_IN_PAGE (object));
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_SIGN_IN_PAGE);
  G_OBJECT_CLASS (lks_sign_in_page_parent_class)->dispose (object);
}

static void
lks_sign_in_page_class_init (LksSignInPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_sign_in_page_dispose;
  widget_class->map = lks_sign_in_page_map;
  widget_class->unmap = lks_sign_in_page_unmap;

  g_type_ensure (LKS_TYPE_SIGN_IN_FORM);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksSignInPage, form);
  gtk_widget_class_bind_template_child (widget_class, LksSignInPage, runs);
  gtk_widget_class_bind_template_child (widget_class, LksSignInPage, problem);
}

static void
lks_sign_in_page_init (LksSignInPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_sign_in_page_new:
 * @session: where people sign in
 *
 * Returns: (transfer floating): a new page
 */
LksSignInPage *
lks_sign_in_page_new (LksOperatorSession *session)
{
  LksSignInPage *self = g_object_new (LKS_TYPE_SIGN_IN_PAGE, NULL);

  lks_sign_in_form_set_session (self->form, session);
  return self;
}

/**
 * lks_sign_in_page_begin:
 * @self: a page
 *
 * Empties the form for the next person.
 */
void
lks_sign_in_page_begin (LksSignInPage *self)
{
  g_return_if_fail (LKS_IS_SIGN_IN_PAGE (self));

  lks_sign_in_form_begin (self->form, FALSE);
}

/**
 * lks_sign_in_page_set_problem:
 * @self: a page
 * @error: (nullable): why the configuration of the station is not understood
 */
void
lks_sign_in_page_set_problem (LksSignInPage *self, const GError *error)
{
  g_autofree char *text = NULL;

  g_return_if_fail (LKS_IS_SIGN_IN_PAGE (self));

  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
  if (error == NULL)
    return;

  /* Translators: an English message follows */
  text =
      g_strdup_printf (_ ("The configuration of this station is not understood, so the strictest "
                          "holds. %s"),
                       error->message);
  gtk_label_set_label (self->problem, text);
}
