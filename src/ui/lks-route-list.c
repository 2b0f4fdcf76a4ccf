/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route-list.h"

#include "lks-aspect-row.h"
#include "lks-route-text.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>

struct _LksRouteList
{
  AdwBin parent_instance;

  GtkListBox *list; /* (unowned): the child */

  GHashTable *device_rows; /* (owned) (element-type utf8 LksAspectRow) */
};

G_DEFINE_FINAL_TYPE (LksRouteList, lks_route_list, ADW_TYPE_BIN)

static void
clear (LksRouteList *self)
{
  g_hash_table_remove_all (self->device_rows);
  lks_widget_clear_list (self->list);
}

static LksAspectRow *
add_row (LksRouteList *self, const char *title, const LksSign *sign, const char *text)
{
  LksAspectRow *row = lks_aspect_row_new (title);

  lks_aspect_row_set_sign (row, sign);
  lks_aspect_row_set_explanation (row, text);
  gtk_list_box_append (self->list, GTK_WIDGET (row));
  return row;
}

static void
lks_route_list_finalize (GObject *object)
{
  g_clear_pointer (&LKS_ROUTE_LIST (object)->device_rows, g_hash_table_unref);
  G_OBJECT_CLASS (lks_route_list_parent_class)->finalize (object);
}

static void
lks_route_list_class_init (LksRouteListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_route_list_finalize;
}

static void
lks_route_list_init (LksRouteList *self)
{
  self->device_rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What Is There and What Is Missing"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

/**
 * lks_route_list_show_waiting:
 * @self: a list
 * @route: what is to be packed or looked at
 *
 * Shows that its devices wait.
 */
void
lks_route_list_show_waiting (LksRouteList *self, const LksRoute *route)
{
  const LksSign waiting = { "lks-clock-symbolic", _ ("Waiting"), "", LKS_TONE_PLAIN };

  clear (self);
  for (guint i = 0; i < route->devices->len; i++)
    {
      const LksRouteDevice *device = g_ptr_array_index (route->devices, i);
      g_autofree char *title = lks_route_device_to_title (device->device_id);

      g_hash_table_insert (self->device_rows, g_strdup (device->device_id),
                           add_row (self, title, &waiting, ""));
    }
}

/**
 * lks_route_list_take_event:
 * @self: a list
 * @device_id: (nullable): a device of the route; NULL for another thing
 * @thing: a thing of LksRouteThing
 * @result: a result of LksRouteResult
 * @text: what to say about it
 *
 * Shows what came of one thing while it is packed.
 */
void
lks_route_list_take_event (LksRouteList *self,
                           const char *device_id,
                           int thing,
                           int result,
                           const char *text)
{
  LksSign sign = lks_sign_for_route_result ((LksRouteResult) result);
  LksAspectRow *row = device_id != NULL ? g_hash_table_lookup (self->device_rows, device_id) : NULL;

  if (row == NULL)
    {
      add_row (self, lks_route_thing_to_title ((LksRouteThing) thing), &sign, text);
      return;
    }
  lks_aspect_row_set_sign (row, &sign);
  lks_aspect_row_set_explanation (row, text);
}

static void
show_device (LksRouteList *self, GPtrArray *findings, const char *device_id)
{
  LksSign sign = lks_sign_for_route_state (lks_route_judge_device (findings, device_id));
  g_autofree char *title = lks_route_device_to_title (device_id);
  g_autofree char *text = lks_route_device_to_text (findings, device_id);

  add_row (self, title, &sign, text);
}

/**
 * lks_route_list_show_findings:
 * @self: a list
 * @route: what was looked at
 * @findings: (element-type LksRouteFinding): what was found
 *
 * Shows what is there, instead of what was shown before.
 */
void
lks_route_list_show_findings (LksRouteList *self, const LksRoute *route, GPtrArray *findings)
{
  clear (self);
  for (guint i = 0; i < findings->len; i++)
    {
      const LksRouteFinding *finding = g_ptr_array_index (findings, i);
      LksSign sign = lks_sign_for_route_state (finding->state);
      g_autofree char *text = lks_route_finding_to_text (finding);

      if (finding->device_id == NULL)
        add_row (self, lks_route_thing_to_title (finding->thing), &sign, text);
    }
  for (guint i = 0; i < route->devices->len; i++)
    show_device (self, findings,
                 ((const LksRouteDevice *) g_ptr_array_index (route->devices, i))->device_id);
}
