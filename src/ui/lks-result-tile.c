/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-result-tile.h"

#include "lks-verdict-book.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>

struct _LksResultTile
{
  GtkWidget parent_instance;

  GtkImage *icon;   /* template child */
  GtkLabel *word;   /* template child */
  GtkLabel *title;  /* template child */
  GtkLabel *detail; /* template child */

  LksBoardRun *run; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksResultTile, lks_result_tile, GTK_TYPE_WIDGET)

static const char *
css_class_for_verdict (LksVerdict verdict)
{
  switch (verdict)
    {
    case LKS_VERDICT_PASS:
      return "tile-pass";
    case LKS_VERDICT_FAIL:
      return "tile-fail";
    case LKS_VERDICT_STOPPED:
      return "tile-stopped";
    case LKS_VERDICT_NONE:
      break;
    }
  return "tile-none";
}

static void
update (LksResultTile *self)
{
  g_autofree char *name = NULL;
  g_autofree char *place = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *spoken = NULL;
  LksVerdict verdict;
  LksOutcome outcome;
  LksSign sign;
  const char *css_classes[] = { "tile", "card", NULL, NULL };

  g_object_get (self->run, "title", &name, "place", &place, "detail", &detail, "verdict", &verdict,
                "outcome", &outcome, NULL);
  sign = lks_sign_for_verdict (verdict);
  if (outcome == LKS_OUTCOME_READY)
    {
      /* It passed the check and was left out when the boards were confirmed. */
      sign = (LksSign){ "lks-skipped-symbolic", _ ("NOT LOCKED"), "", LKS_TONE_PLAIN };
      verdict = LKS_VERDICT_NONE;
    }

  css_classes[2] = css_class_for_verdict (verdict);
  gtk_widget_set_css_classes (GTK_WIDGET (self), css_classes);
  gtk_image_set_from_icon_name (self->icon, sign.icon_name);
  gtk_label_set_label (self->word, sign.word);
  /* Translators: the name of a board and its USB place */
  heading = g_strdup_printf (_ ("%s · place %s"), name, place);
  gtk_label_set_label (self->title, heading);
  gtk_label_set_label (self->detail, detail);

  /* Translators: a board, its verdict, and the reason, as a screen reader says them */
  spoken = g_strdup_printf (_ ("%s: %s. %s"), heading, sign.word, detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
lks_result_tile_dispose (GObject *object)
{
  LksResultTile *self = LKS_RESULT_TILE (object);

  g_clear_object (&self->run);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RESULT_TILE);
  lks_widget_unparent_children (GTK_WIDGET (self));
  G_OBJECT_CLASS (lks_result_tile_parent_class)->dispose (object);
}

static void
lks_result_tile_class_init (LksResultTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_result_tile_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-result-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, LksResultTile, icon);
  gtk_widget_class_bind_template_child (widget_class, LksResultTile, word);
  gtk_widget_class_bind_template_child (widget_class, LksResultTile, title);
  gtk_widget_class_bind_template_child (widget_class, LksResultTile, detail);
}

static void
lks_result_tile_init (LksResultTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_result_tile_new:
 * @run: a board whose run has ended
 *
 * Creates a tile that shows the verdict.
 *
 * Returns: (transfer floating): a new tile
 */
GtkWidget *
lks_result_tile_new (LksBoardRun *run)
{
  LksResultTile *self = g_object_new (LKS_TYPE_RESULT_TILE, NULL);

  self->run = g_object_ref (run);
  update (self);
  g_signal_connect_object (run, "notify::detail", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
