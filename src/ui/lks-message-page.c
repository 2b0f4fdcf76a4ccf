/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-message-page.h"

#include "lks-widget.h"

struct _LksMessagePage
{
  GtkWidget parent_instance;

  GtkImage *icon;        /* template child */
  GtkLabel *title;       /* template child */
  GtkLabel *description; /* template child */
  AdwBin *bin;           /* template child */
};

G_DEFINE_FINAL_TYPE (LksMessagePage, lks_message_page, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_ICON_NAME = 1,
  PROP_TITLE,
  PROP_DESCRIPTION,
  PROP_CHILD,
} LksMessagePageProperty;

static GParamSpec *properties[PROP_CHILD + 1];

static void
set_icon_name (LksMessagePage *self, const char *icon_name)
{
  if (g_strcmp0 (gtk_image_get_icon_name (self->icon), icon_name) == 0)
    return;

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon_name != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ICON_NAME]);
}

static void
set_title (LksMessagePage *self, const char *title)
{
  if (g_strcmp0 (gtk_label_get_label (self->title), title) == 0)
    return;

  gtk_label_set_label (self->title, title != NULL ? title : "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
set_child (LksMessagePage *self, GtkWidget *child)
{
  if (adw_bin_get_child (self->bin) == child)
    return;

  adw_bin_set_child (self->bin, child);
  gtk_widget_set_visible (GTK_WIDGET (self->bin), child != NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

static void
lks_message_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksMessagePage *self = LKS_MESSAGE_PAGE (object);

  switch ((LksMessagePageProperty) prop_id)
    {
    case PROP_ICON_NAME:
      g_value_set_string (value, gtk_image_get_icon_name (self->icon));
      break;
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_label (self->title));
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, gtk_label_get_label (self->description));
      break;
    case PROP_CHILD:
      g_value_set_object (value, adw_bin_get_child (self->bin));
      break;
    }
}

static void
lks_message_page_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  LksMessagePage *self = LKS_MESSAGE_PAGE (object);

  switch ((LksMessagePageProperty) prop_id)
    {
    case PROP_ICON_NAME:
      set_icon_name (self, g_value_get_string (value));
      break;
    case PROP_TITLE:
      set_title (self, g_value_get_string (value));
      break;
    case PROP_DESCRIPTION:
      lks_message_page_set_description (self, g_value_get_string (value));
      break;
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;
    }
}

static void
lks_message_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_MESSAGE_PAGE);
  lks_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (lks_message_page_parent_class)->dispose (object);
}

static void
lks_message_page_class_init (LksMessagePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_message_page_get_property;
  object_class->set_property = lks_message_page_set_property;
  object_class->dispose = lks_message_page_dispose;

  properties[PROP_ICON_NAME] =
      g_param_spec_string ("icon-name", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_DESCRIPTION] =
      g_param_spec_string ("description", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CHILD] =
      g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_css_name (widget_class, "message-page");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-message-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksMessagePage, icon);
  gtk_widget_class_bind_template_child (widget_class, LksMessagePage, title);
  gtk_widget_class_bind_template_child (widget_class, LksMessagePage, description);
  gtk_widget_class_bind_template_child (widget_class, LksMessagePage, bin);
}

static void
lks_message_page_init (LksMessagePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_message_page_set_description:
 * @self: a page
 * @description: (nullable): plain text below the title
 *
 * Says more than the title does.
 */
void
lks_message_page_set_description (LksMessagePage *self, const char *description)
{
  g_return_if_fail (LKS_IS_MESSAGE_PAGE (self));

  if (g_strcmp0 (gtk_label_get_label (self->description), description) == 0)
    return;

  gtk_label_set_label (self->description, description != NULL ? description : "");
  gtk_widget_set_visible (GTK_WIDGET (self->description),
                          description != NULL && *description != '\0');
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCRIPTION]);
}
