/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-banner.h"

#include "lks-clock.h"
#include "lks-device-id.h"
#include "lks-error-text.h"
#include "lks-format.h"
#include "lks-labels.h"
#include "lks-service-text.h"

#include <glib/gi18n-lib.h>

struct _LksSessionBanner
{
  AdwBin parent_instance;

  GtkRevealer *revealer; /* template child */
  GtkLabel *title;       /* template child */
  GtkLabel *subtitle;    /* template child */
  GtkLabel *left;        /* template child */
  GtkWidget *bar;        /* template child */
  GtkImage *image;       /* template child */
  GtkWidget *end;        /* template child */
  GtkWidget *dismiss;    /* template child */

  LksSessionKeeper *keeper; /* (owned) */
  LksClock *clock;          /* (owned) */
  char *ending;             /* (owned) (nullable): how the last session ended, until dismissed */
};

G_DEFINE_FINAL_TYPE (LksSessionBanner, lks_session_banner, ADW_TYPE_BIN)

/* Whether the board has the key, and if not, why. */
static char *
describe_state (LksSessionBanner *self, const LksSessionFields *fields)
{
  const GError *problem = lks_session_keeper_get_problem (self->keeper);
  const char *task = lks_service_task_title (fields->task);
  g_autofree char *sentence = problem != NULL ? lks_error_to_sentence (problem) : NULL;

  if (sentence != NULL)
    /* Translators: what the session is for, and what is wrong with it */
    return g_strdup_printf (_ ("%s · %s"), task, sentence);
  if (lks_session_keeper_get_board (self->keeper) != NULL)
    /* Translators: what the session is for */
    return g_strdup_printf (_ ("%s · The board is open for you."), task);
  /* Translators: what the session is for, and the USB place of its board */
  return g_strdup_printf (_ ("%s · Waiting for the board at %s."), task, fields->port);
}

static void
update_time (LksSessionBanner *self)
{
  LksSession *session = lks_session_keeper_get_session (self->keeper);
  LksSessionFacts facts = { 0 };
  g_autofree char *duration = NULL;
  g_autofree char *text = NULL;
  gint64 left_us;

  if (session == NULL)
    return;

  lks_session_facts_read_clocks (&facts);
  left_us = lks_session_get_fields (session)->ends_us - facts.now_us;
  duration = lks_format_duration (MAX (0, left_us) / G_USEC_PER_SEC);
  /* Translators: a length of time */
  text = g_strdup_printf (_ ("%s left"), duration);
  gtk_label_set_label (self->left, text);
}

static void
show_session (LksSessionBanner *self, LksSession *session)
{
  const LksSessionFields *fields = lks_session_get_fields (session);
  g_autofree char *capabilities = NULL;
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;

  capabilities = lks_capabilities_to_text (fields->capabilities, fields->n_capabilities);
  /* Translators: the last six digits of a device ID, and what its capability grants */
  title = g_strdup_printf (_ ("Servicing session of board %s with %s"),
                           lks_device_id_get_short (fields->device_id), capabilities);
  subtitle = describe_state (self, fields);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  update_time (self);
}

static void
show_ending (LksSessionBanner *self)
{
  gtk_label_set_label (self->title, _ ("The servicing session has ended"));
  gtk_label_set_label (self->subtitle, self->ending);
}

static void
update (LksSessionBanner *self)
{
  LksSession *session = lks_session_keeper_get_session (self->keeper);
  gboolean is_shown = session != NULL || self->ending != NULL;

  gtk_revealer_set_reveal_child (self->revealer, is_shown);
  gtk_widget_set_visible (GTK_WIDGET (self), is_shown);
  gtk_widget_set_visible (self->end, session != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->left), session != NULL);
  gtk_widget_set_visible (self->dismiss, session == NULL);
  gtk_image_set_from_icon_name (self->image,
                                session != NULL ? "lks-open-symbolic" : "lks-locked-symbolic");
  if (session != NULL)
    gtk_widget_add_css_class (self->bar, "session-banner");
  else
    gtk_widget_remove_css_class (self->bar, "session-banner");

  if (session != NULL)
    show_session (self, session);
  else if (self->ending != NULL)
    show_ending (self);
}

/* Who comes back to a locked screen or pulls a cable must not miss what became of the session. */
static void
ended_cb (LksSessionBanner *self, LksSession *session, LksSessionEnd end)
{
  g_free (self->ending);
  /* Translators: a sentence that says why the session ended comes first */
  self->ending = g_strdup_printf (_ ("%s The capability was wiped from memory; nothing that opens "
                                     "the board is left behind."),
                                  lks_session_end_sentence (end));
  update (self);
}

static void
dismiss_cb (LksSessionBanner *self)
{
  g_clear_pointer (&self->ending, g_free);
  update (self);
}

static void
lks_session_banner_dispose (GObject *object)
{
  LksSessionBanner *self = LKS_SESSION_BANNER (object);

  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_SESSION_BANNER);
  g_clear_object (&self->keeper);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->ending, g_free);
  G_OBJECT_CLASS (lks_session_banner_parent_class)->dispose (object);
}

static void
lks_session_banner_class_init (LksSessionBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_session_banner_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-session-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, LksSessionBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, LksSessionBanner, title);
  gtk_widget_class_bind_template_child (widget_class, LksSessionBanner, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LksSessionBanner, left);
  gtk_widget_class_bind_template_child (widget_class, LksSessionBanner, bar);
  gtk_widget_class_bind_template_child (widget_class, LksSessionBanner, image);
  gtk_widget_class_bind_template_child (widget_class, LksSessionBanner, end);
  gtk_widget_class_bind_template_child (widget_class, LksSessionBanner, dismiss);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
}

static void
lks_session_banner_init (LksSessionBanner *self)
{
  self->clock = lks_clock_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_session_banner_new:
 * @keeper: what keeps the session
 *
 * Returns: (transfer full): a banner, invisible while there is no session
 */
LksSessionBanner *
lks_session_banner_new (LksSessionKeeper *keeper)
{
  LksSessionBanner *self = g_object_ref_sink (g_object_new (LKS_TYPE_SESSION_BANNER, NULL));

  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (keeper, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keeper, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (update_time), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return self;
}
