/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-share-bar.h"

#define WIDTH_PX 140
#define HEIGHT_PX 12
#define TRACK_ALPHA 0.15f

struct _LksShareBar
{
  GtkWidget parent_instance;

  double share; /* 0 to 1 */
};

G_DEFINE_FINAL_TYPE (LksShareBar, lks_share_bar, GTK_TYPE_WIDGET)

static void
lks_share_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LksShareBar *self = LKS_SHARE_BAR (widget);
  const float width = (float) gtk_widget_get_width (widget);
  const float height = (float) gtk_widget_get_height (widget);
  const float filled = width * (float) self->share;
  const gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const graphene_rect_t track = GRAPHENE_RECT_INIT (0, 0, width, height);
  const graphene_rect_t bar = GRAPHENE_RECT_INIT (is_rtl ? width - filled : 0, 0, filled, height);
  GskRoundedRect outline;
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  gsk_rounded_rect_init_from_rect (&outline, &track, height / 4);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &colour, &bar);
  colour.alpha *= TRACK_ALPHA;
  gtk_snapshot_append_color (snapshot, &colour, &track);
  gtk_snapshot_pop (snapshot);
}

static void
lks_share_bar_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH_PX : HEIGHT_PX;
}

static void
lks_share_bar_class_init (LksShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = lks_share_bar_snapshot;
  widget_class->measure = lks_share_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
lks_share_bar_init (LksShareBar *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * lks_share_bar_new:
 * @share: from 0 to 1
 *
 * Returns: (transfer floating): a bar
 */
GtkWidget *
lks_share_bar_new (double share)
{
  LksShareBar *self = g_object_new (LKS_TYPE_SHARE_BAR, NULL);

  self->share = CLAMP (share, 0, 1);
  return GTK_WIDGET (self);
}
